/** How a normalised text is cut into pieces: the pre-tokenizers of `tokenizer.json`. */
import { spellBytes } from "./byte-alphabet.ts";
import { type Fields, flagOr, isFields, textOr } from "./models/vocabulary.ts";
import { patternOf } from "./patterns.ts";
import { invalid, unsupported } from "./problem.ts";
import { GPT2, scanGpt2 } from "./scanners/gpt2.ts";
import { scannerOf } from "./scanners/known.ts";
import { scanWhole } from "./scanners/plain.ts";
import type { Scanner } from "./scanners/scanner.ts";
import { behaviourOf, type Finder, matchesOf, occurrencesOf, type Piece, split } from "./splitting.ts";

export type PreTokenizer = (pieces: readonly Piece[]) => readonly Piece[];

/** @throws TokenizerProblem for a pre-tokenizer that is not supported */
export function preTokenizerOf(value: unknown): PreTokenizer {
  if (value === null || value === undefined) return (pieces) => pieces;
  if (!isFields(value)) throw invalid("the pre-tokenizer", "it is no object");
  const type = String(value["type"]);
  const make = KINDS[type];
  if (make === undefined)
    throw unsupported(`the pre-tokenizer ${type}`, `there are ${Object.keys(KINDS).join(", ")}`);
  return make(value);
}

const PUNCTUATION = matchesOf(/[!-/:-@[-`{-~]|\p{P}/gu);
const SPACE = matchesOf(/\p{White_Space}/gu);
const NUMERIC = matchesOf(/\p{N}/gu);
/** `\w+|[^\w\s]+` with the word characters of Rust's expressions. */
export const WORDS =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu;

const cutting =
  (find: Finder, behaviour: Parameters<typeof split>[2], invert = false): PreTokenizer =>
  (pieces) =>
    pieces.flatMap((piece) => split(piece, find, behaviour, invert));

const KINDS: Readonly<Record<string, (fields: Fields) => PreTokenizer>> = {
  Sequence(fields) {
    const steps = listOf(fields).map(preTokenizerOf);
    return (pieces) => steps.reduce((so, step) => step(so), pieces);
  },
  ByteLevel(fields) {
    const where = "the pre-tokenizer ByteLevel";
    const prefix = flagOr(fields, "add_prefix_space", true, where);
    const cut = flagOr(fields, "use_regex", true, where)
      ? cutting(matchesOf(patternOf(GPT2)), "Isolated")
      : preTokenizerOf(null);
    return (pieces) => {
      const prefixed = prefix
        ? pieces.map((piece) => (piece.text.startsWith(" ") ? piece : { ...piece, text: ` ${piece.text}` }))
        : pieces;
      return cut(prefixed).map((piece) => ({ ...piece, text: spellBytes(piece.text) }));
    };
  },
  Split(fields) {
    const pattern = fields["pattern"];
    if (!isFields(pattern)) throw invalid("the pre-tokenizer Split", "it has no `pattern`");
    const find =
      typeof pattern["String"] === "string"
        ? occurrencesOf(pattern["String"])
        : matchesOf(patternOf(String(pattern["Regex"])));
    const invert = flagOr(fields, "invert", false, "the pre-tokenizer Split");
    return cutting(find, behaviourOf(fields["behavior"]), invert);
  },
  Whitespace: () => cutting(matchesOf(WORDS), "Removed", true),
  WhitespaceSplit: () => cutting(SPACE, "Removed"),
  Punctuation: (fields) => cutting(PUNCTUATION, behaviourOf(fields["behavior"] ?? "Isolated")),
  Digits: (fields) =>
    cutting(
      NUMERIC,
      flagOr(fields, "individual_digits", false, "the pre-tokenizer Digits") ? "Isolated" : "Contiguous",
    ),
  BertPreTokenizer: () => {
    const [spaces, marks] = [cutting(SPACE, "Removed"), cutting(PUNCTUATION, "Isolated")];
    return (pieces) => marks(spaces(pieces));
  },
  CharDelimiterSplit: (fields) =>
    cutting(
      occurrencesOf(textOr(fields, "delimiter", "", "the pre-tokenizer CharDelimiterSplit")!),
      "Removed",
    ),
  Metaspace: metaspace,
};

function metaspace(fields: Fields): PreTokenizer {
  const where = "the pre-tokenizer Metaspace";
  const mark = textOr(fields, "replacement", "\u2581", where)!;
  const scheme = prependScheme(fields);
  const cuts = flagOr(fields, "split", true, where);
  const find = occurrencesOf(mark);
  return (pieces) =>
    pieces.flatMap((piece) => {
      const replaced = piece.text.replaceAll(" ", mark);
      const wanted = scheme === "always" || (scheme === "first" && piece.first);
      const text = wanted && !replaced.startsWith(mark) ? mark + replaced : replaced;
      const marked = { ...piece, text };
      return cuts ? split(marked, find, "MergedWithNext") : [marked];
    });
}

/** Of a Metaspace: `always`, `first` or `never`; older files say `add_prefix_space`. */
export function prependScheme(fields: Fields): string {
  const scheme = fields["prepend_scheme"] ?? (fields["add_prefix_space"] === false ? "never" : "always");
  if (scheme === "always" || scheme === "first" || scheme === "never") return scheme;
  throw unsupported(`\`prepend_scheme\` ${JSON.stringify(scheme)}`, "there are always, first and never");
}

function listOf(fields: Fields): readonly unknown[] {
  const list = fields["pretokenizers"];
  if (!Array.isArray(list)) throw invalid("the pre-tokenizer Sequence", "it has no `pretokenizers`");
  return list;
}

/** How a byte-level pre-tokenizer cuts, when that can be scanned by hand; null when not. */
export function byteScanner(
  value: unknown,
): { readonly scan: Scanner; readonly prefixSpace: boolean } | null {
  if (!isFields(value)) return null;
  if (value["type"] === "ByteLevel") {
    const prefixSpace = value["add_prefix_space"] !== false;
    return { scan: value["use_regex"] === false ? scanWhole : scanGpt2, prefixSpace };
  }
  if (value["type"] !== "Sequence") return null;
  const [cut, bytes, ...more] = listOf(value);
  if (more.length > 0 || !isFields(cut) || !isFields(bytes)) return null;
  const plain =
    bytes["type"] === "ByteLevel" && bytes["use_regex"] === false && bytes["add_prefix_space"] === false;
  const pattern = isFields(cut["pattern"]) ? cut["pattern"]["Regex"] : undefined;
  if (!plain || cut["type"] !== "Split" || cut["behavior"] !== "Isolated" || cut["invert"] === true)
    return null;
  const scan = typeof pattern === "string" ? scannerOf(pattern) : null;
  return scan === null ? null : { scan, prefixSpace: false };
}

/** Every character. Oniguruma and JavaScript read it alike. */
export const CHARACTERS = "[\\s\\S]";

/** Whether a pre-tokenizer makes every character a piece. */
export function cutsCharacters(value: unknown): boolean {
  if (!isFields(value) || value["type"] !== "Split" || !isFields(value["pattern"])) return false;
  return value["behavior"] === "Isolated" && value["pattern"]["Regex"] === CHARACTERS;
}
