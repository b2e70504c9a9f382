/** What other tools call things, so that whoever comes from them is understood. */

export interface Synonyms {
  /** By a word of another tool, as `plain` spells it: what it may be here, the likeliest first. */
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** By such a word that no other word replaces: what to write, where `among` could stand. */
  readonly advice: Readonly<Record<string, readonly Advice[]>>;
}

export interface Advice {
  readonly among: string;
  /** As the end of a sentence: "write `ln(x + 1)`". */
  readonly say: string;
}

export const NO_SYNONYMS: Synonyms = { words: {}, advice: {} };

/** `maxDepth`, `max-depth` and `MAX_DEPTH` are one word; of `sklearn.svm.SVC` the last name counts. */
export const plain = (word: string): string =>
  word
    .slice(word.lastIndexOf(".") + 1)
    .toLowerCase()
    .replace(/[_\s-]/g, "");

/** An old name of something, still read. */
export interface Deprecation {
  readonly word: string;
  /** The name that it has now. */
  readonly use: string;
  /** What it names: an attribute, a metric, a function, or a word with arguments such as an encoding. */
  readonly of: "attribute" | "metric" | "function" | "word";
  /** The edition of the language that no longer reads it. */
  readonly until: string;
}
