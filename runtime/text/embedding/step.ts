/** Carries an embedding out: reads the words of its corpora, learns their vectors, keeps them in word2vec's format. */
import type { Word2vec, Word2vecMethod } from "../../../stdlib/kinds/embedding.ts";
import type { Json, StepContext, StepResult } from "../../execute/step.ts";
import { StepFailure } from "../../execute/step.ts";
import { type CorpusRef, documents } from "../corpus.ts";
import { TooLarge, type Trained, trainWord2vec } from "../word2vec/train.ts";
import { WordReader, type WordText } from "../word2vec/words.ts";
import { writeBinary } from "./vectors.ts";

/** @throws StepFailure ML5200 when no word occurs often enough, ML5201 when the vectors do not fit */
export async function runEmbedding(context: StepContext): Promise<StepResult> {
  // The planner hands over what stdlib's schema of the kind accepted.
  const props = context.props as unknown as Word2vec;
  const text = await readWords(context, props);
  const { words } = text.vocabulary;
  const methods = methodsOf(props);
  const trained: Trained[] = [];
  for (const [index, method] of methods.entries())
    trained.push(await train(context, props, text, index, method));
  const values = mean(trained.map(({ vectors }) => vectors));
  const loss = Object.fromEntries(methods.map((method, i) => [method, trained[i]!.losses.at(-1)!]));
  const vocabulary = { format: 1, words, counts: text.vocabulary.counts };
  return {
    outputs: {
      "vectors.bin": await context.store.put(writeBinary({ words, width: props.width, values })),
      "vocabulary.json": await context.store.put(JSON.stringify(vocabulary)),
    },
    summary: {
      words: words.length,
      width: props.width,
      corpus_words: text.total,
      loss: loss as Record<string, Json>,
    },
  };
}

function methodsOf({ method }: Word2vec): readonly Word2vecMethod[] {
  const named = method.call === "mean" ? [method.args["first"], method.args["second"]] : [method.call];
  return named as Word2vecMethod[]; // the schema has no others
}

async function readWords(context: StepContext, props: Word2vec): Promise<WordText> {
  const reader = new WordReader();
  for await (const document of documents(context, props.corpus as CorpusRef[])) {
    context.signal.throwIfAborted();
    reader.read(document);
  }
  const text = reader.finish(props.min_count);
  if (text.counts.length >= 2) return text;
  throw new StepFailure({
    code: "ML5200",
    values: {
      embedding: context.declaration.name,
      min_count: String(props.min_count),
      total: String(text.total),
      found: text.counts.length === 0 ? "no word occurs" : "only one word occurs",
    },
    declaration: context.declaration.id,
    pointer: "/corpus",
  });
}

async function train(
  context: StepContext,
  props: Word2vec,
  text: WordText,
  index: number,
  method: Word2vecMethod,
): Promise<Trained> {
  const { width, window, negatives, subsample, epochs, rate, seed } = props;
  const parts = methodsOf(props).length;
  try {
    return await trainWord2vec(
      method,
      text,
      { width, window, negatives, subsample, epochs, rate, seed },
      {
        threads: context.threads,
        signal: context.signal,
        progress: (done, total, loss) =>
          context.progress(index * total + done, parts * total, `${method}, loss ${loss.toFixed(3)}`),
        epoch: (epoch, loss) => context.track(`${method}/loss`, loss, epoch),
      },
    );
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    throw new StepFailure({
      code: "ML5201",
      values: {
        embedding: context.declaration.name,
        words: String(text.counts.length),
        width: String(width),
      },
      declaration: context.declaration.id,
      pointer: "/width",
    });
  }
}

/** The mean of each number, rounded once to float32; one set of vectors is itself. */
export function mean(all: readonly Float32Array[]): Float32Array {
  const [first, ...more] = all;
  if (first === undefined || more.length === 0) return first ?? new Float32Array(0);
  return first.map((value, i) => more.reduce((sum, other) => sum + other[i]!, value) / all.length);
}
