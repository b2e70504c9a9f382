/** What is wrong with a `tokenizer.json`. */

/** `unsupported`: a part that is not carried out here; `invalid`: no tokenizer at all. */
export class TokenizerProblem extends Error {
  readonly is: "unsupported" | "invalid";
  /** Of an unsupported part: `the normalizer Precompiled`. */
  readonly component: string;
  constructor(is: "unsupported" | "invalid", what: string, more: string) {
    super(is === "unsupported" ? `${what} is not supported: ${more}` : `${what}: ${more}`);
    this.name = "TokenizerProblem";
    this.is = is;
    this.component = what;
    this.detail = more;
  }
  /** What is supported instead, or what is wrong. */
  readonly detail: string;
}

export const invalid = (where: string, problem: string): TokenizerProblem =>
  new TokenizerProblem("invalid", where, problem);

export const unsupported = (component: string, supported: string): TokenizerProblem =>
  new TokenizerProblem("unsupported", component, supported);

/** A text with a character or word that the vocabulary does not have, where there is no token for unknown ones. */
export class UnknownText extends Error {
  /** The character or word. */
  readonly text: string;
  constructor(text: string) {
    super(
      `the tokenizer has no token for ${JSON.stringify(text)}: add <unk> to its \`specials\`, or learn it from a corpus that has it`,
    );
    this.name = "UnknownText";
    this.text = text;
  }
}
