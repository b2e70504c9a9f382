/** `POST /v1/embeddings`: the mean of the last hidden states, at length 1 as OpenAI's are, where a model says no other. */
import { begun } from "../../text/tokenizer/beginning.ts";
import { inputsOf } from "./completions.ts";
import { readEmbeddings } from "./parameters.ts";
import { wrong } from "./refusal.ts";
import type { Caller, LanguageServing } from "./serving.ts";

/** As many as OpenAI takes. */
const MOST = 2048;

export async function embed(serving: LanguageServing, body: unknown, { signal }: Caller): Promise<object> {
  const { input, encoding_format: format, dimensions } = readEmbeddings(body);
  const { generator, manifest } = serving;
  if (dimensions != null && dimensions !== generator.width)
    throw wrong("dimensions", `This model's embeddings have ${generator.width} dimensions.`);
  // What an encoder's tokenizer puts around a text (`[CLS]` … `[SEP]`) is part of what it was taught.
  const { tokenizer } = serving;
  const encode = (text: string) =>
    generator.generates
      ? begun(tokenizer, tokenizer.encode(text, { literal: true }))
      : tokenizer.encode(text, { specials: true, literal: true });
  const inputs = inputsOf(serving, input, "input", encode);
  if (inputs.length > MOST) throw wrong("input", `At most ${MOST} inputs are taken at once.`);
  inputs.forEach((ids, at) => {
    const param = inputs.length === 1 ? "input" : `input[${at}]`;
    if (ids.length === 0) throw wrong(param, "The input is empty.");
    if (ids.length > manifest.context) {
      const message = `The input has ${ids.length} tokens; this model's context has room for ${manifest.context}.`;
      throw wrong(param, message, "context_length_exceeded");
    }
  });
  serving.assertRoom(1);
  const vectors = await generator.embed(inputs, signal);
  const read = inputs.reduce((sum, ids) => sum + ids.length, 0);
  serving.metrics.tokens(serving.served, read, 0);
  return {
    object: "list",
    data: vectors.map((vector, index) => {
      const made = serving.normalize ? unitLength(vector) : vector;
      return { object: "embedding", index, embedding: format === "base64" ? base64(made) : [...made] };
    }),
    model: manifest.name,
    usage: { prompt_tokens: read, total_tokens: read },
  };
}

function unitLength(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** float32, little-endian. */
function base64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * 4);
  return bytes.toString("base64");
}
