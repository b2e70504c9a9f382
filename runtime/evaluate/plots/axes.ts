/** Axes with ticks at round numbers, titles, and the mapping from data to pixels. */
import { element, HEIGHT, label, short, WIDTH } from "./svg.ts";

export interface Axis {
  readonly title: string;
  readonly low: number;
  readonly high: number;
}

export interface Frame {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Grid, axes, ticks and titles. */
  readonly body: readonly string[];
}

export const BOX = { left: 62, top: 44, right: WIDTH - 22, bottom: HEIGHT - 52 } as const;

/** Ticks at 1, 2 or 5 times a power of ten, about `count` of them, within the range. */
export function ticks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Multiplying keeps 0.3 from becoming 0.30000000000000004, as far as it shows.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A range that is not empty and ends at round numbers. */
export function roundRange(low: number, high: number): readonly [number, number] {
  const [from, to] = low < high ? [low, high] : [low - 1, high + 1];
  const marks = ticks(from, to, 5);
  const step = marks.length > 1 ? marks[1]! - marks[0]! : to - from;
  return [Math.floor(from / step + 1e-9) * step, Math.ceil(to / step - 1e-9) * step];
}

export function axes(horizontal: Axis, vertical: Axis): Frame {
  const x = (value: number) =>
    BOX.left + ((value - horizontal.low) / (horizontal.high - horizontal.low)) * (BOX.right - BOX.left);
  const y = (value: number) =>
    BOX.bottom - ((value - vertical.low) / (vertical.high - vertical.low)) * (BOX.bottom - BOX.top);
  const body: string[] = [];
  for (const tick of ticks(horizontal.low, horizontal.high, 5)) {
    body.push(element("line", { class: "grid", x1: x(tick), x2: x(tick), y1: BOX.top, y2: BOX.bottom }));
    body.push(label(x(tick), BOX.bottom + 17, tickText(tick), { "text-anchor": "middle", class: "small" }));
  }
  for (const tick of ticks(vertical.low, vertical.high, 5)) {
    body.push(element("line", { class: "grid", x1: BOX.left, x2: BOX.right, y1: y(tick), y2: y(tick) }));
    body.push(label(BOX.left - 8, y(tick) + 4, tickText(tick), { "text-anchor": "end", class: "small" }));
  }
  body.push(
    element("path", { class: "axis", fill: "none", d: `M${BOX.left} ${BOX.top}V${BOX.bottom}H${BOX.right}` }),
  );
  const middle = (BOX.top + BOX.bottom) / 2;
  body.push(label((BOX.left + BOX.right) / 2, HEIGHT - 14, horizontal.title, { "text-anchor": "middle" }));
  body.push(
    label(16, middle, vertical.title, {
      "text-anchor": "middle",
      transform: `rotate(-90 16 ${short(middle)})`,
    }),
  );
  return { x, y, body };
}

/** `1.2M` rather than `1200000`. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(4))}k`;
  return String(Number(value.toPrecision(6)));
}

/** A path through points; `steps` draws horizontally, then vertically. */
export function path(frame: Frame, points: readonly (readonly [number, number])[], steps = false): string {
  return points
    .map(([px, py], i) => {
      const [x, y] = [short(frame.x(px)), short(frame.y(py))];
      if (i === 0) return `M${x} ${y}`;
      return steps ? `H${x}V${y}` : `L${x} ${y}`;
    })
    .join("");
}
