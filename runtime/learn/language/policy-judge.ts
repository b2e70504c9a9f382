/** What is asked of models about answers: how likely each token was, what return was guessed, how good the whole is. */
import type { TensorData } from "../../graph/graph.ts";
import type { TrainingJob } from "../training/job.ts";
import { type Compiled, compiled } from "./compiled.ts";
import type { Example } from "./examples.ts";
import type { Parameters } from "./judge.ts";
import { fed, surprise } from "./losses/parts.ts";
import { guesses } from "./losses/policy.ts";
import { scores } from "./losses/preference.ts";
import type { ModelInTraining } from "./model-in-training.ts";
import { wholeSequences } from "./preference-batches.ts";
import { layOut } from "./sequences.ts";

type Place = Pick<TrainingJob, "engine" | "threads">;

export interface TokenJudgement {
  /** By answered token. */
  readonly logp: Float64Array;
  readonly guesses: Float64Array;
}

/** Judges examples of at most `length` positions, `rows` at a time. */
export class TokenJudge {
  readonly #judge: Compiled;
  readonly #rows: number;
  readonly #length: number;

  private constructor(judge: Compiled, rows: number, length: number) {
    this.#judge = judge;
    this.#rows = rows;
    this.#length = length;
  }

  static async open(
    place: Place,
    model: ModelInTraining,
    options: { readonly rows: number; readonly length: number; readonly temperature: number },
  ): Promise<TokenJudge> {
    const { rows, length, temperature } = options;
    const shape = [rows, length];
    const inputs = { ids: { type: "int32", shape }, targets: { type: "int32", shape } } as const;
    const judge = await compiled({ ...place, parameters: model.parameters, inputs }, (b, p, given) => {
      const seen = model.resolve(b, p, false);
      const ids = fed(given, "ids");
      const logits = b.mul(model.network.forward(b, seen, { ids }), 1 / temperature);
      return {
        logp: b.neg(surprise(b, logits, fed(given, "targets"))),
        guesses: guesses(b, seen, model.network.hidden(b, seen, { ids })),
      };
    });
    return new TokenJudge(judge, rows, length);
  }

  async judge(parameters: Parameters, examples: readonly Example[]): Promise<TokenJudgement[]> {
    const judged: TokenJudgement[] = [];
    for (let at = 0; at < examples.length; at += this.#rows) {
      const some = examples.slice(at, at + this.#rows);
      const { ids, targets } = layOut(some, this.#rows, this.#length, 1);
      const outputs = await this.#judge.run(parameters, { ids, targets });
      some.forEach(({ ids: tokens, start }, row) => {
        const cut = ({ data }: TensorData) =>
          Float64Array.from(
            data.subarray(row * this.#length + start - 1, row * this.#length + tokens.length - 1),
          );
        judged.push({ logp: cut(outputs["logp"]!), guesses: cut(outputs["guesses"]!) });
      });
    }
    return judged;
  }

  release(): Promise<void> {
    return this.#judge.release();
  }
}

/** A reward model's scores of whole sequences of at most `length` tokens. */
export class ScoreJudge {
  readonly #judge: Compiled;
  readonly #weights: Parameters;
  readonly #rows: number;
  readonly #length: number;

  private constructor(judge: Compiled, weights: Parameters, rows: number, length: number) {
    this.#judge = judge;
    this.#weights = weights;
    this.#rows = rows;
    this.#length = length;
  }

  static async open(
    place: Place,
    model: ModelInTraining,
    weights: Parameters,
    options: { readonly rows: number; readonly length: number },
  ): Promise<ScoreJudge> {
    const shape = [options.rows, options.length];
    const inputs = { ids: { type: "int32", shape }, last: { type: "float32", shape } } as const;
    const judge = await compiled({ ...place, parameters: model.parameters, inputs }, (b, p, given) => ({
      score: scores(b, p, model.network.hidden(b, p, { ids: fed(given, "ids") }), fed(given, "last")),
    }));
    return new ScoreJudge(judge, weights, options.rows, options.length);
  }

  async judge(sequences: readonly Int32Array[]): Promise<number[]> {
    const judged: number[] = [];
    for (let at = 0; at < sequences.length; at += this.#rows) {
      const some = sequences.slice(at, at + this.#rows);
      const filled = Array.from({ length: this.#rows }, (_, i) => some[i] ?? new Int32Array(1));
      const outputs = await this.#judge.run(this.#weights, wholeSequences(filled, this.#length));
      some.forEach((_, row) => {
        judged.push(outputs["score"]!.data[row]!);
      });
    }
    return judged;
  }

  release(): Promise<void> {
    return this.#judge.release();
  }
}
