/** A folder's `config.json`, read setting by setting, so that none that matters goes unread. */
import { HuggingFaceProblem } from "./problem.ts";

export type ConfigJson = Readonly<Record<string, unknown>>;

export class Config {
  readonly json: ConfigJson;
  /** The folder, for messages. */
  readonly path: string;

  constructor(json: ConfigJson, path: string) {
    this.json = json;
    this.path = path;
  }

  /** Whether a setting stands there and is not null. */
  has(name: string): boolean {
    return (this.json[name] ?? null) !== null;
  }

  /** @throws HuggingFaceProblem ML5252 when it is no number and there is no fallback */
  number(name: string, fallback?: number): number {
    const value = this.json[name] ?? fallback;
    return typeof value === "number" && Number.isFinite(value) ? value : this.refuse(name, "a number");
  }

  optional(name: string): number | null {
    return this.has(name) ? this.number(name) : null;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.json[name] ?? fallback;
    return typeof value === "boolean" ? value : this.refuse(name, "true or false");
  }

  /** The word of ours for one of theirs. */
  word(name: string, words: Readonly<Record<string, string>>, fallback: string): string {
    const value = this.json[name] ?? fallback;
    const ours = typeof value === "string" && Object.hasOwn(words, value) ? words[value] : undefined;
    return ours ?? this.refuse(name, `one of ${Object.keys(words).join(", ")}`);
  }

  /** Refuses a setting that changes what is computed and that no layer here expresses. */
  only(name: string, value: unknown): void {
    if (this.has(name) && this.json[name] !== value) this.refuse(name, JSON.stringify(value));
  }

  /** Rotary positions' base: `rope_theta`, or within `rope_parameters`; scaled ones are refused. */
  rotaryBase(): number {
    const { rope_parameters: parameters, rope_scaling: scaling } = this.json;
    for (const [name, given] of Object.entries({ rope_parameters: parameters, rope_scaling: scaling })) {
      if (typeof given !== "object" || given === null) continue;
      const { rope_type: type, type: older } = given as Record<string, unknown>;
      const kind = type ?? older ?? "default";
      if (kind !== "default") this.refuse(`${name}.rope_type`, '"default"');
      const { partial_rotary_factor: part = 1 } = given as Record<string, unknown>;
      if (part !== 1) this.refuse(`${name}.partial_rotary_factor`, "1");
    }
    const inside = (parameters as { rope_theta?: unknown } | null | undefined)?.rope_theta;
    return typeof inside === "number" ? inside : this.number("rope_theta", 10_000);
  }

  refuse(setting: string, expected: string): never {
    const value = setting
      .split(".")
      .reduce<unknown>((at, key) => (at as ConfigJson | undefined)?.[key], this.json);
    throw new HuggingFaceProblem("ML5252", {
      path: this.path,
      setting,
      value: JSON.stringify(value) ?? "nothing",
      expected,
    });
  }
}

/** Activations by their names there. */
export const ACTIVATIONS: Readonly<Record<string, string>> = {
  gelu: "gelu",
  gelu_new: "gelu_tanh",
  gelu_pytorch_tanh: "gelu_tanh",
  gelu_fast: "gelu_tanh",
  relu: "relu",
  silu: "silu",
  swish: "silu",
  tanh: "tanh",
  sigmoid: "sigmoid",
};

/** Their name for one of ours; null where they have none. */
export function theirActivation(ours: string, preferred: string): string | null {
  if (ACTIVATIONS[preferred] === ours) return preferred;
  return Object.keys(ACTIVATIONS).find((name) => ACTIVATIONS[name] === ours) ?? null;
}
