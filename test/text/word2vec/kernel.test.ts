/** The arithmetic in WebAssembly beside the same in doubles; what is drawn beside its probabilities. */
import { describe, expect, it } from "vitest";
import { random } from "../../../runtime/learn/random.ts";
import { compileKernel, fillTables, openKernel, TABLES_END } from "../../../runtime/text/word2vec/kernel.ts";
import { keepBounds, noiseTable } from "../../../runtime/text/word2vec/noise.ts";
import { wasm } from "../../../runtime/text/word2vec/webassembly.ts";

const START = Math.ceil(TABLES_END / 16) * 16;

describe.each([4, 8, 12, 64, 100])("rows of %i numbers", (width) => {
  const memory = new wasm.Memory({ initial: 2, maximum: 2, shared: true });
  fillTables(memory);
  const rowBytes = 4 * width;
  const at = (row: number) => START + row * rowBytes;
  const view = (row: number) => new Float32Array(memory.buffer, at(row), width);
  const list = new Int32Array(memory.buffer, at(12), 8);
  const source = random(width);
  const fill = (rows: number) => {
    for (let row = 0; row < rows; row += 1)
      for (let i = 0; i < width; i += 1) view(row)[i] = source.next() - 0.5;
    return Array.from({ length: rows }, (_, row) => Array.from(view(row)));
  };
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const close = (row: number, expected: readonly number[]) =>
    Array.from(view(row)).forEach((value, i) => void expect(value).toBeCloseTo(expected[i]!, 3));

  it("learn moves each output, and says the loss and how the hidden row must move", async () => {
    const kernel = await openKernel(compileKernel(rowBytes, 2), memory);
    const [hidden, work, ...outputs] = fill(6);
    const labels = [1, 0, 0, 1];
    labels.forEach((label, i) => {
      list[i] = at(2 + i) + label;
    });
    const rate = 0.1;
    const loss = kernel.learn(at(0), at(12), 4, rate, at(1));
    const scores = outputs.map((output) => dot(hidden!, output));
    const gains = scores.map((score, i) => rate * (labels[i]! - sigmoid(score)));
    expect(loss).toBeCloseTo(
      scores.reduce((sum, score, i) => sum - Math.log(sigmoid(labels[i] === 1 ? score : -score)), 0),
      2,
    );
    outputs.forEach(
      (output, i) =>
        void close(
          2 + i,
          output.map((value, k) => value + gains[i]! * hidden![k]!),
        ),
    );
    close(
      1,
      work!.map((_, k) => outputs.reduce((sum, output, i) => sum + gains[i]! * output[k]!, 0)),
    );
    close(0, hidden!);
  });

  it("sum, addToAll, merge and copy do what they say", async () => {
    const kernel = await openKernel(compileKernel(rowBytes, 2), memory);
    const rows = fill(5);
    list.set([at(0), at(1), at(2)]);
    kernel.sum(at(12), 3, 0.5, at(5));
    close(
      5,
      rows[0]!.map((value, k) => 0.5 * (value + rows[1]![k]! + rows[2]![k]!)),
    );
    kernel.merge(at(4), at(12), 3, 0.25, at(6));
    close(
      4,
      rows[4]!.map((value, k) => value + 0.25 * (rows[0]![k]! + rows[1]![k]! + rows[2]![k]! - 3 * value)),
    );
    kernel.addToAll(at(12), 3, at(3));
    close(
      1,
      rows[1]!.map((value, k) => value + rows[3]![k]!),
    );
    kernel.copy(at(3), at(7));
    expect(Array.from(view(7))).toEqual(rows[3]);
  });
});

it("false words are drawn by their counts to the power of 0.75", () => {
  const counts = [1000, 500, 100, 10, 1];
  const { share, other } = noiseTable(counts);
  const chance = new Array<number>(counts.length).fill(0);
  share.forEach((own, cell) => {
    chance[cell]! += own / counts.length;
    chance[other[cell]!]! += (1 - own) / counts.length;
  });
  const total = counts.reduce((sum, count) => sum + count ** 0.75, 0);
  chance.forEach((value, word) => void expect(value).toBeCloseTo(counts[word]! ** 0.75 / total, 12));
});

it("frequent words are kept as word2vec.c keeps them", () => {
  const counts = [90_000, 9_000, 1_000];
  const kept = Array.from(keepBounds(counts, 1e-2), (bound) => bound / 2 ** 32);
  expect(kept[0]).toBeCloseTo(Math.sqrt(0.01 / 0.9) + 0.01 / 0.9, 12);
  expect(kept[1]).toBeCloseTo(4 / 9, 12);
  expect(kept[2]).toBe(1);
  expect(Array.from(keepBounds(counts, 0))).toEqual([2 ** 32, 2 ** 32, 2 ** 32]);
});
