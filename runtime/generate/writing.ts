/** One text while it is made: tokens drawn from logits, text cut at its end, and a reader that may be slow. */
import { random } from "../learn/random.ts";
import { sample } from "./sample.ts";
import { StopFilter } from "./stop.ts";
import type { Finish, GeneratedToken, GenerateRequest, TextCodec } from "./types.ts";

/** Tokens made ahead of what the reader has taken: a slow reader's row rests when it is so far ahead. */
export const AHEAD = 16;

/** One request, from its place in the queue to its last token. */
export class Writing {
  readonly request: GenerateRequest;
  readonly #codec: ReturnType<TextCodec["decoder"]>;
  readonly #filter: StopFilter;
  readonly #uniform: () => number;
  readonly #end: number | null;
  readonly #room: number;
  #made = 0;
  #wake: (() => void) | null = null;
  /** Made and not yet taken. */
  readonly tokens: GeneratedToken[] = [];
  /** The newest token, which the model has not read yet. */
  newest = -1;
  state: "open" | "done" | "cancelled" = "open";
  error: unknown = null;

  /** @param room for tokens behind the prompt */
  constructor(request: GenerateRequest, codec: TextCodec, end: number | null, room: number) {
    this.request = request;
    this.#codec = codec.decoder();
    this.#filter = new StopFilter(request.stop);
    const stream = random(request.seed);
    this.#uniform = () => stream.next();
    this.#end = end;
    this.#room = Math.min(request.max, room);
  }

  get rests(): boolean {
    return this.tokens.length >= AHEAD;
  }

  /** Chooses the next token from its logits [vocabulary]. */
  take(logits: Float32Array): void {
    const id = sample(logits, this.request, this.#uniform);
    this.newest = id;
    this.#made++;
    if (id === this.#end) {
      this.#last(id, "", "stop");
      return;
    }
    const { text, stopped } = this.#filter.push(this.#codec.push(id));
    if (stopped) this.#give({ id, text, finish: "stop" });
    else if (this.#made >= this.#room) this.#last(id, text, "length");
    else this.#give({ id, text });
  }

  /** The text ends here: what was held back comes out, unless it completes a stop string. */
  #last(id: number, text: string, finish: Finish): void {
    const rest = this.#filter.push(this.#codec.end());
    const ended = rest.stopped ? "stop" : finish;
    this.#give({ id, text: text + rest.text + this.#filter.end(), finish: ended });
  }

  #give(token: GeneratedToken): void {
    this.tokens.push(token);
    if (token.finish !== undefined) this.state = "done";
    this.wake();
  }

  fail(error: unknown): void {
    this.error = error;
    this.state = "cancelled";
    this.wake();
  }

  wake(): void {
    this.#wake?.();
    this.#wake = null;
  }

  /** Resolves when there is something to take, or nothing more will come. */
  async more(): Promise<void> {
    if (this.tokens.length > 0 || this.state !== "open") return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}
