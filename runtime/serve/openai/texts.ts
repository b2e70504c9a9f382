/** Several texts at once: counted, merged into one stream, or gathered. */
import type { Finish } from "../../generate/types.ts";
import type { Asked, Caller, LanguageServing, Piece } from "./serving.ts";

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

/** A piece, and of which text it is. */
export interface Indexed extends Piece {
  readonly index: number;
}

export interface Text {
  readonly text: string;
  readonly finish: Finish;
}

/** The texts of one request, while they are made. */
export class Texts {
  readonly #serving: LanguageServing;
  readonly #prompts: readonly Asked[];
  readonly #each: number;
  readonly #caller: Caller;
  #made = 0;
  #begun = false;

  /** @param each how many texts for each prompt */
  constructor(serving: LanguageServing, prompts: readonly Asked[], each: number, caller: Caller) {
    this.#serving = serving;
    this.#prompts = prompts;
    this.#each = each;
    this.#caller = caller;
    serving.assertRoom(prompts.length * each);
  }

  get usage(): Usage {
    const read = this.#prompts.reduce((sum, { prompt }) => sum + prompt.length, 0);
    return { prompt_tokens: read, completion_tokens: this.#made, total_tokens: read + this.#made };
  }

  /** Pieces of all texts as they come; a text's own are in order. Text i is of prompt ⌊i / each⌋. */
  async *pieces(): AsyncGenerator<Indexed> {
    const { metrics, served } = this.#serving;
    const sources = this.#prompts.flatMap((asked) =>
      Array.from({ length: this.#each }, (_, at) => this.#serving.write(asked, at, this.#caller)),
    );
    try {
      for await (const [index, piece] of merged(sources)) {
        if (!this.#begun) metrics.firstToken(served, this.#caller.elapsed());
        this.#begun = true;
        this.#made += piece.tokens;
        yield { ...piece, index };
      }
    } finally {
      metrics.tokens(served, this.usage.prompt_tokens, this.#made);
    }
  }

  async gather(): Promise<Text[]> {
    const texts = Array.from({ length: this.#prompts.length * this.#each }, () => "");
    const finishes = texts.map((): Finish => "length");
    for await (const { index, text, finish } of this.pieces()) {
      texts[index] += text;
      if (finish !== undefined) finishes[index] = finish;
    }
    return texts.map((text, index) => ({ text, finish: finishes[index]! }));
  }
}

/** Whatever comes first of several sources; all are ended when one fails or nobody wants more. */
async function* merged<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<[number, T]> {
  const next = async (index: number) => ({ index, result: await sources[index]!.next() });
  const pending = new Map(sources.map((_, index) => [index, next(index)]));
  try {
    while (pending.size > 0) {
      const { index, result } = await Promise.race(pending.values());
      if (result.done === true) {
        pending.delete(index);
        continue;
      }
      // Asked for before it is handed on, so that the texts of a batch go on together.
      pending.set(index, next(index));
      yield [index, result.value];
    }
  } finally {
    for (const rest of pending.values()) rest.catch(() => {});
    await Promise.all(sources.map((source) => source.return(undefined)));
  }
}
