/** `mlops neighbours` as people type it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readBinary } from "../../../runtime/text/embedding/vectors.ts";
import { mlops } from "../../samples/mlops.ts";
import { plantedText } from "./planted.ts";

const folder = mkdtempSync(join(tmpdir(), "mlops-neighbours-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("says what is near, writes vectors, and what is wrong with a question", async () => {
  writeFileSync(join(folder, "book.txt"), plantedText(6000, 4));
  writeFileSync(
    join(folder, "book.mlops"),
    `dataset book: text {
  path = "book.txt"
}

embedding words: word2vec {
  corpus = book
  width = 12
  epochs = 10
  seed = 1
}
`,
  );
  const ask = (...words: string[]) => mlops(["neighbours", "book.mlops", ...words], folder);
  const before = await ask("words", "t1_1", "--json");
  expect([before.status, JSON.parse(before.out).diagnostics[0].code]).toEqual([1, "ML5202"]);
  expect((await mlops(["run", "book.mlops"], folder)).status).toBe(0);

  const near = JSON.parse((await ask("words", "T1_1", "t2_3", "--count", "3", "--json")).out);
  expect(near.words.map(({ word }: { word: string }) => word)).toEqual(["t1_1", "t2_3"]);
  expect(near.words[0].neighbours).toHaveLength(3);
  const table = (await ask("words", "t1_1", "--count", "2")).out.split("\n");
  expect(table[0]).toMatch(/^word +neighbour +cosine$/);
  expect(table[1]).toMatch(/^t1_1 +\S+ +0\.\d{3}$/);

  const written = await ask("words", "--write", "vectors.bin");
  expect(written.status).toBe(0);
  expect(readBinary(readFileSync(join(folder, "vectors.bin"))).width).toBe(12);
  expect((await ask("words", "--write", "vectors.txt")).status).toBe(0);
  expect(readFileSync(join(folder, "vectors.txt"), "utf8")).toMatch(/^\d+ 12\n/);

  const slips = [
    [await ask("words", "t1_100"), "ML5203"],
    [await ask("wrods", "t1_1"), "ML8012"],
    [await ask("words", "--write", "vectors.csv"), "ML5204"],
  ] as const;
  for (const [{ status, err }, code] of slips)
    expect([status, err]).toEqual([1, expect.stringContaining(code)]);
  expect(slips[0][0].err).toContain("did you mean");
});
