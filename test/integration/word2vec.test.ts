/** Our word vectors beside gensim's: files that it reads, and neighbours as good as its own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { neighboursOf } from "../../runtime/text/embedding/neighbours.ts";
import { writeBinary, writeText } from "../../runtime/text/embedding/vectors.ts";
import { type Method, trainWord2vec } from "../../runtime/text/word2vec/train.ts";
import { WordReader } from "../../runtime/text/word2vec/words.ts";
import { plantedText } from "../text/word2vec/planted.ts";

const python = process.env["MLOPS_PYTHON"];
const script = fileURLToPath(new URL("word2vec.py", import.meta.url));
const OPTIONS = { width: 32, window: 5, negatives: 5, subsample: 1e-3, epochs: 6, rate: 0.025, seed: 1 };

interface Peer {
  readonly words: string[];
  readonly same: boolean;
  readonly values: number[][];
  readonly neighbours: string[];
  readonly ours: number;
  readonly cbow: number;
  readonly skip_gram: number;
}

describe.skipIf(python === undefined)("gensim", () => {
  it.each<Method>(["cbow", "skip_gram"])(
    "reads the vectors of %s, whose neighbours are as good as its own",
    async (method) => {
      const text = plantedText(60_000, 60, 20);
      const reader = new WordReader();
      reader.read(text);
      const encoded = reader.finish(1);
      const { words } = encoded.vocabulary;
      const losses: number[] = [];
      const hooks = {
        threads: 2,
        signal: new AbortController().signal,
        progress: () => undefined,
        epoch: (_: number, loss: number) => void losses.push(loss),
      };
      const { vectors: values } = await trainWord2vec(method, encoded, OPTIONS, hooks);
      const vectors = { words, width: OPTIONS.width, values };
      expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!);

      const folder = mkdtempSync(join(tmpdir(), "mlops-word2vec-"));
      const [plain, asText, asBinary] = ["text.txt", "vectors.txt", "vectors.bin"].map((name) =>
        join(folder, name),
      );
      writeFileSync(plain!, text);
      writeFileSync(asText!, writeText(vectors));
      writeFileSync(asBinary!, writeBinary(vectors));
      const { status, stdout, stderr } = spawnSync(
        python!,
        [script, plain!, asText!, asBinary!, JSON.stringify(OPTIONS)],
        { encoding: "utf8" },
      );
      rmSync(folder, { recursive: true });
      expect(status, stderr).toBe(0);
      const peer = JSON.parse(stdout) as Peer;
      expect(peer.words).toEqual(words);
      expect(peer.same).toBe(true);
      expect(peer.values.flat()).toEqual(Array.from(values.subarray(0, 3 * OPTIONS.width)));
      const [near] = neighboursOf(vectors, [0], 5);
      expect(peer.neighbours).toEqual(near!.map(({ word }) => word));
      console.log(
        `${method}: ${peer.ours.toFixed(3)} of our neighbours are right, ${peer[method].toFixed(3)} of gensim's`,
      );
      // By chance one in sixty is.
      expect(peer.ours).toBeGreaterThan(peer[method] - 0.05);
      expect(peer.ours).toBeGreaterThan(0.3);
    },
  );
});
