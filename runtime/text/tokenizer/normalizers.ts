/** What is done to a text before it is cut: the normalizers of `tokenizer.json`. */
import { spellBytes } from "./byte-alphabet.ts";
import { type Fields, flagOr, isFields, textOr } from "./models/vocabulary.ts";
import { patternOf } from "./patterns.ts";
import { invalid, unsupported } from "./problem.ts";

export type Normalizer = (text: string) => string;

const same: Normalizer = (text) => text;

/** @throws TokenizerProblem for a normalizer that is not supported, or one that lacks what it needs */
export function normalizerOf(value: unknown): Normalizer {
  if (value === null || value === undefined) return same;
  if (!isFields(value)) throw invalid("the normalizer", "it is no object");
  const type = String(value["type"]);
  const make = KINDS[type];
  if (make === undefined)
    throw unsupported(`the normalizer ${type}`, `there are ${Object.keys(KINDS).join(", ")}`);
  return make(value);
}

const KINDS: Readonly<Record<string, (fields: Fields) => Normalizer>> = {
  Sequence(fields) {
    const list = fields["normalizers"];
    if (!Array.isArray(list)) throw invalid("the normalizer Sequence", "it has no `normalizers`");
    const steps = list.map(normalizerOf);
    return (text) => steps.reduce((so, step) => step(so), text);
  },
  NFC: () => (text) => text.normalize("NFC"),
  NFD: () => (text) => text.normalize("NFD"),
  NFKC: () => (text) => text.normalize("NFKC"),
  NFKD: () => (text) => text.normalize("NFKD"),
  Lowercase: () => lowercase,
  ByteLevel: () => spellBytes,
  Replace: replacement,
  Prepend(fields) {
    const prefix = textOr(fields, "prepend", "", "the normalizer Prepend")!;
    return (text) => (text === "" ? "" : prefix + text);
  },
  Strip(fields) {
    const left = flagOr(fields, "strip_left", true, "the normalizer Strip");
    const right = flagOr(fields, "strip_right", true, "the normalizer Strip");
    return (text) => {
      const stripped = left ? text.replace(/^\p{White_Space}+/u, "") : text;
      return right ? stripped.replace(/\p{White_Space}+$/u, "") : stripped;
    };
  },
  StripAccents: () => (text) => text.replace(/\p{M}/gu, ""),
  Nmt: () => (text) =>
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these controls are what it removes
      .replace(/[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]/g, "")
      .replace(/[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g, " "),
  BertNormalizer: bert,
};

/** `Replace`, as a normalizer and as a decoder. */
export function replacement(fields: Fields): Normalizer {
  const content = textOr(fields, "content", null, "a Replace");
  const pattern = fields["pattern"];
  if (content === null || !isFields(pattern)) throw invalid("a Replace", "it needs `pattern` and `content`");
  const text = pattern["String"];
  if (typeof text === "string") return (from) => (text === "" ? from : from.replaceAll(text, () => content));
  const source = pattern["Regex"];
  if (typeof source !== "string") throw invalid("a Replace", "its `pattern` is neither String nor Regex");
  const expression = patternOf(source);
  return (from) => from.replace(expression, () => content);
}

/** Character by character, as Unicode's tables have it: a sigma at a word's end stays a sigma like the others. */
export function lowercase(text: string): string {
  if (!text.includes("\u03a3")) return text.toLowerCase();
  return Array.from(text, (character) => (character === "\u03a3" ? "\u03c3" : character.toLowerCase())).join(
    "",
  );
}

const CHINESE =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;

/** BERT's `BasicTokenizer`, without the cutting. */
function bert(fields: Fields): Normalizer {
  const where = "the normalizer BertNormalizer";
  const clean = flagOr(fields, "clean_text", true, where);
  const chinese = flagOr(fields, "handle_chinese_chars", true, where);
  const lower = flagOr(fields, "lowercase", true, where);
  const accents = fields["strip_accents"] ?? lower;
  return (text) => {
    let so = text;
    if (clean)
      so = so.replace(/[\0\ufffd]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]/gu, "").replace(/\p{White_Space}/gu, " ");
    if (chinese) so = so.replace(CHINESE, " $& ");
    if (accents === true) so = so.normalize("NFD").replace(/\p{Mn}/gu, "");
    return lower ? lowercase(so) : so;
  };
}
