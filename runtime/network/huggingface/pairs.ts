/** Which tensor of theirs is which of ours, and how one becomes the other. */
import type { TensorData } from "../../graph/graph.ts";

export interface Pair {
  readonly theirs: string;
  /** Several stand side by side in theirs, along the last axis: GPT-2's queries, keys and values. */
  readonly ours: readonly string[];
  /** `transposed`: theirs is [out, in]. `less one`: theirs is a gain less 1 (Gemma). */
  readonly how: "same" | "transposed" | "less one";
}

export const pair = (theirs: string, ours: string | readonly string[], how: Pair["how"] = "same"): Pair => ({
  theirs,
  ours: typeof ours === "string" ? [ours] : ours,
  how,
});

type Floats = TensorData & { readonly type: "float32" };

export const floats = (shape: readonly number[], data: Float32Array): Floats => ({
  type: "float32",
  shape,
  data,
});

export function transposed({ shape, data }: TensorData): Floats {
  const [rows, columns] = shape as [number, number];
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = data[row * columns + column]!;
  return floats([columns, rows], turned);
}

/** Cut along the last axis into parts of these widths. */
export function cut({ shape, data }: TensorData, widths: readonly number[]): Floats[] {
  const width = shape.at(-1)!;
  const rows = data.length / width;
  let from = 0;
  return widths.map((part) => {
    const piece = new Float32Array(rows * part);
    for (let row = 0; row < rows; row++)
      for (let i = 0; i < part; i++) piece[row * part + i] = data[row * width + from + i]!;
    from += part;
    return floats([...shape.slice(0, -1), part], piece);
  });
}

/** Side by side along the last axis. */
export function beside(parts: readonly TensorData[]): Floats {
  const widths = parts.map(({ shape }) => shape.at(-1)!);
  const width = widths.reduce((total, one) => total + one, 0);
  const rows = parts[0]!.data.length / widths[0]!;
  const whole = new Float32Array(rows * width);
  let from = 0;
  parts.forEach(({ data }, part) => {
    const own = widths[part]!;
    for (let row = 0; row < rows; row++)
      for (let i = 0; i < own; i++) whole[row * width + from + i] = data[row * own + i]!;
    from += own;
  });
  return floats([...parts[0]!.shape.slice(0, -1), width], whole);
}

export const plus = ({ shape, data }: TensorData, number: number): Floats =>
  floats(
    shape,
    Float32Array.from(data, (value) => value + number),
  );
