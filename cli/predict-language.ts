/** One answer of a released language model, made here without a server. */
import { availableParallelism } from "node:os";
import { fitWindow } from "../runtime/generate/context-window.ts";
import { openGenerator } from "../runtime/generate/generator.ts";
import { loadLanguageModel } from "../runtime/learn/language/load.ts";
import type { Version } from "../runtime/registry/registry.ts";
import { renderChat } from "../runtime/serve/openai/messages.ts";
import { OpenAiRefused } from "../runtime/serve/openai/refusal.ts";
import { openStore } from "../runtime/store/store.ts";

export interface AskedPrompt {
  readonly prompt: string;
  readonly max: number;
  readonly temperature: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface Said {
  readonly text: string;
  readonly finish: "stop" | "length";
  /** How many tokens were read and made. */
  readonly tokens: { readonly prompt: number; readonly answer: number };
}

/**
 * Asks as a chat of one message does: through the template that the model was taught with.
 * @param state the project's state folder
 * @returns `refused`: what was expected of the prompt
 */
export async function answerPrompt(
  state: string,
  version: Version,
  { prompt: text, max, temperature, seed, signal }: AskedPrompt,
): Promise<Said | { readonly refused: string }> {
  const store = openStore(state);
  const model = await loadLanguageModel(store, version.files).finally(() => store.close());
  const { tokenizer, generation } = model;
  if (model.architecture.kind === "encoder")
    return { refused: "a model that writes; this one makes embeddings only" };
  const generator = await openGenerator(model, {
    engine: "auto",
    threads: availableParallelism(),
    maxBatch: 1,
  });
  try {
    const { prompt, end, stop } = generation;
    const window = renderChat([{ role: "user", text }], { prompt, tokenizer, end });
    const { ids } = fitWindow(window, generator.promptRoom(max));
    const request = { prompt: ids, max, temperature, topK: null, topP: 1, stop, seed, signal };
    let answer = "";
    let made = 0;
    let finish: Said["finish"] = "length";
    for await (const token of generator.generate(request)) {
      answer += token.text;
      finish = token.finish ?? finish;
      made++;
    }
    return { text: answer, finish, tokens: { prompt: ids.length, answer: made } };
  } catch (error) {
    if (error instanceof OpenAiRefused) return { refused: error.message };
    throw error;
  } finally {
    await generator.close();
  }
}
