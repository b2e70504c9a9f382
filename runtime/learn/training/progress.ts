/** What a training says of itself while it goes on: losses, a small curve, speed, time left. */

const BARS = "▁▂▃▄▅▆▇█";
/** Losses that the small curve shows. */
const CURVE = 12;

/** A curve of text, one character a value, from the lowest to the highest of them. */
export function sparkline(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const scale = high > low ? (BARS.length - 1) / (high - low) : 0;
  return values.map((value) => BARS[Math.round((value - low) * scale)]).join("");
}

/** `1.2k`, `340`, `2.4M` */
export function amount(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)}M`;
  if (value >= 1e3) return `${(value / 1e3).toPrecision(3)}k`;
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}

/** `42s`, `3m 5s`, `2h 10m` */
export function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${whole % 60}s`;
  return `${Math.floor(whole / 3600)}h ${Math.floor((whole % 3600) / 60)}m`;
}

/** Seconds of steps that make one measurement. */
const MEASURED = 0.5;

/** Speed over the last steps: the first ones of a process are slow, and other programs come and go. */
export class Speed {
  #units = 0;
  #steps = 0;
  #seconds = 0;
  #unitsPerSecond = 0;
  #secondsPerStep = 0;

  /** @param seconds what the step took, without evaluations and checkpoints */
  add(units: number, seconds: number): void {
    this.#units += units;
    this.#steps += 1;
    this.#seconds += seconds;
    if (this.#seconds < MEASURED) return;
    const [rate, step] = [this.#units / this.#seconds, this.#seconds / this.#steps];
    const known = this.#secondsPerStep > 0;
    this.#unitsPerSecond = known ? 0.7 * this.#unitsPerSecond + 0.3 * rate : rate;
    this.#secondsPerStep = known ? 0.7 * this.#secondsPerStep + 0.3 * step : step;
    this.#seconds = 0;
    this.#units = 0;
    this.#steps = 0;
  }

  /** `12.3k tokens/s`; empty until it is known. */
  said(unit: string): string {
    return this.#unitsPerSecond > 0 ? `${amount(this.#unitsPerSecond)} ${unit}/s` : "";
  }

  /** `1m 20s left`; empty until it is known. */
  left(steps: number): string {
    return this.#secondsPerStep > 0 && steps > 0 ? `${timeLeft(this.#secondsPerStep * steps)} left` : "";
  }
}

/** `loss 1.234 █▆▄▃▂▁, validation 1.301, 12.3k tokens/s` */
export function noteOf(losses: readonly number[], validation: number | null, speed: string): string {
  const last = losses.at(-1);
  const parts = last === undefined ? [] : [`loss ${last.toPrecision(4)} ${sparkline(losses.slice(-CURVE))}`];
  if (validation !== null) parts.push(`validation ${validation.toPrecision(4)}`);
  if (speed !== "") parts.push(speed);
  return parts.join(", ");
}
