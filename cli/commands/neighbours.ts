/** `mlops neighbours SPEC EMBEDDING WORD…`: a look at what an embedding learnt, and its vectors as a file. */
import { writeFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import type { StepResult } from "../../runtime/execute/step.ts";
import { StepRecords } from "../../runtime/store/records.ts";
import { neighboursOf, spelledLike } from "../../runtime/text/embedding/neighbours.ts";
import {
  readBinary,
  type WordVectors,
  writeBinary,
  writeText,
} from "../../runtime/text/embedding/vectors.ts";
import { wordsOf } from "../../runtime/text/word2vec/words.ts";
import { loadPrepared } from "../cached-load.ts";
import { type CommandModule, EXIT, type Invocation } from "../command.ts";
import { refuse, withStore } from "../finding.ts";
import { settings, wholeNumber, withSettings } from "../options.ts";
import { paint } from "../style.ts";
import { table } from "../table.ts";
import { type OpenWorkplace, openWorkplace } from "../workplace.ts";

/** The most frequent words stand first; so many are shown when none is asked for. */
const SHOWN = 5;

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument("<spec>", "the .mlops file")
      .argument("<embedding>", "an embedding's name")
      .argument("[words...]", "words to look at; the most frequent ones when not given")
      .option("--count <n>", "so many neighbours of each", "10")
      .option("--write <file>", "write the vectors in word2vec's format: text to .txt, binary to .bin")
      .addHelpText(
        "after",
        "\nExamples:\n  mlops neighbours book.mlops words king queen\n  mlops neighbours book.mlops words --write vectors.txt",
      );
  },
  async run(invocation, [spec = "", name = "", ...words], options) {
    const count = wholeNumber(invocation, "--count", options["count"], 1);
    if (count === null) return EXIT.wrong;
    const file = typeof options["write"] === "string" ? options["write"] : null;
    if (file !== null && extname(file) !== ".txt" && extname(file) !== ".bin") {
      refuse(invocation, "ML5204", { file });
      return EXIT.wrong;
    }
    const loaded = await loadPrepared(invocation, spec, settings(options));
    if (loaded === null) return EXIT.wrong;
    return withStore(invocation, async () => {
      const place = await openWorkplace(loaded);
      try {
        const vectors = await vectorsOf(invocation, place, name);
        if (vectors === null) return EXIT.wrong;
        if (file !== null) {
          const path = resolve(invocation.cwd, file);
          writeFileSync(path, extname(file) === ".txt" ? writeText(vectors) : writeBinary(vectors));
          if (words.length === 0) {
            sayWritten(invocation, vectors, file);
            return EXIT.done;
          }
        }
        return show(invocation, name, vectors, words, count ?? 10);
      } finally {
        place.close();
      }
    });
  },
};

/** What the last run left; null (and said) when the spec has no such embedding or no run has made it. */
async function vectorsOf(
  invocation: Invocation,
  { program, store }: OpenWorkplace,
  name: string,
): Promise<WordVectors | null> {
  const id = name.startsWith("embedding.") ? name : `embedding.${name}`;
  const embeddings = program.declarations.filter(({ kind }) => kind === "embedding");
  if (!embeddings.some((one) => one.id === id)) {
    const known = embeddings.map((one) => one.name).join(", ");
    const has = known === "" ? " (it has no embedding)" : ` (its embeddings: ${known})`;
    refuse(invocation, "ML8012", { name, known: has });
    return null;
  }
  const result: StepResult | undefined = new StepRecords(store.database).latest(program.spec).get(id)?.result;
  const digest = result?.outputs["vectors.bin"];
  if (digest === undefined) {
    refuse(invocation, "ML5202", { embedding: id.slice("embedding.".length) });
    return null;
  }
  return readBinary(await store.read(digest));
}

function sayWritten({ terminal, json }: Invocation, { words, width }: WordVectors, file: string): void {
  if (json) terminal.out(JSON.stringify({ written: file, words: words.length, width }));
  else terminal.out(`${file}: ${words.length} words, ${width} numbers each`);
}

function show(
  invocation: Invocation,
  embedding: string,
  vectors: WordVectors,
  asked: readonly string[],
  count: number,
) {
  const { terminal, json } = invocation;
  const places = new Map(vectors.words.map((word, place) => [word, place]));
  const words =
    asked.length > 0 ? asked.map((word) => wordsOf(word)[0] ?? word) : vectors.words.slice(0, SHOWN);
  const unknown = words.find((word) => !places.has(word));
  if (unknown !== undefined) {
    const like = spelledLike(unknown, vectors.words);
    const near = like.length === 0 ? "" : `; did you mean ${like.join(", ")}?`;
    refuse(invocation, "ML5203", { embedding, word: unknown, words: String(vectors.words.length), near });
    return EXIT.wrong;
  }
  const found = neighboursOf(
    vectors,
    words.map((word) => places.get(word)!),
    count,
  );
  if (json) {
    const neighbours = words.map((word, i) => ({ word, neighbours: found[i]! }));
    terminal.out(JSON.stringify({ embedding, words: neighbours }, null, 2));
    return EXIT.done;
  }
  const rows = words.flatMap((word, i) =>
    found[i]!.map((one, rank) => [
      rank === 0 ? paint(terminal.color, "strong", word) : "",
      one.word,
      one.similarity.toFixed(3),
    ]),
  );
  const columns = [{ title: "word" }, { title: "neighbour" }, { title: "cosine", align: "right" }] as const;
  terminal.out(table(columns, rows));
  return EXIT.done;
}
