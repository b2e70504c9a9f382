/** From tokens to text, as they come: the decoders of `tokenizer.json`. */
import { bytesOfToken } from "./byte-alphabet.ts";
import { type Fields, flagOr, isFields, textOr } from "./models/vocabulary.ts";
import { replacement } from "./normalizers.ts";
import { prependScheme } from "./pre-tokenizers.ts";
import { invalid, unsupported } from "./problem.ts";

/** Takes a token, or, where `starts` is false, more of the one before. */
export type Sink = (text: string, starts: boolean) => void;

/** One decoder of a chain, for one text. */
export interface Stage {
  push: Sink;
  end(): void;
}

/** Makes a stage that hands on to `next`. */
export type Decoder = (next: Sink) => Stage;

const nothing = () => undefined;
const perToken =
  (change: () => (token: string) => string): Decoder =>
  (next) => {
    const changed = change();
    return { push: (text) => next(changed(text), true), end: nothing };
  };

/** @throws TokenizerProblem for a decoder that is not supported */
export function decoderOf(value: unknown): readonly Decoder[] {
  if (value === null || value === undefined) return [perToken(spaced)];
  return streaming(partsOf(value));
}

function partsOf(value: unknown): readonly Part[] {
  if (!isFields(value)) throw invalid("the decoder", "it is no object");
  if (value["type"] !== "Sequence") return [single(value)];
  const list = value["decoders"];
  if (!Array.isArray(list)) throw invalid("the decoder Sequence", "it has no `decoders`");
  return list.flatMap(partsOf);
}

interface Part {
  readonly type: string;
  readonly decoder: Decoder;
  /** It can take one token in parts. */
  readonly inParts: boolean;
}

function single(fields: Fields): Part {
  const type = String(fields["type"]);
  const make = KINDS[type];
  if (make === undefined)
    throw unsupported(`the decoder ${type}`, `there are Sequence, ${Object.keys(KINDS).join(", ")}`);
  const inParts = type === "Strip" && !(Number(fields["stop"]) > 0);
  return { type, decoder: make(fields), inParts: inParts || type === "Fuse" };
}

/** After `Fuse` all is one token: what needs a whole token must then wait for the end. */
function streaming(parts: readonly Part[]): readonly Decoder[] {
  const joins = parts.findIndex(({ type }) => type === "Fuse" || type === "ByteLevel");
  const waits = joins >= 0 && parts.slice(joins + 1).some(({ inParts }) => !inParts);
  return parts.flatMap(({ decoder }, i) => (i === joins && waits ? [decoder, whole] : [decoder]));
}

const whole: Decoder = (next) => {
  let text = "";
  return { push: (part) => (text += part), end: () => next(text, true) };
};

function spaced(): (token: string) => string {
  let first = true;
  return (token) => {
    const text = first ? token : ` ${token}`;
    first = false;
    return text;
  };
}

const KINDS: Readonly<Record<string, (fields: Fields) => Decoder>> = {
  ByteLevel: () => (next) => {
    const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
    let starts = true;
    const emit = (text: string) => {
      if (text !== "") next(text, starts);
      if (text !== "") starts = false;
    };
    return {
      push: (token) => emit(utf8.decode(bytesOfToken(token), { stream: true })),
      end: () => emit(utf8.decode()),
    };
  },
  Fuse: () => (next) => {
    let starts = true;
    return {
      push(text) {
        next(text, starts);
        starts = false;
      },
      end: nothing,
    };
  },
  Replace: (fields) => {
    const change = replacement(fields);
    return perToken(() => change);
  },
  Strip: strip,
  ByteFallback: () => byteFallback,
  WordPiece: (fields) => {
    const prefix = textOr(fields, "prefix", "##", "the decoder WordPiece")!;
    const clean = flagOr(fields, "cleanup", true, "the decoder WordPiece");
    return perToken(() => {
      let first = true;
      return (token) => {
        const text = first ? token : token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
        first = false;
        return clean ? cleaned(text) : text;
      };
    });
  },
  Metaspace: (fields) => {
    const mark = textOr(fields, "replacement", "\u2581", "the decoder Metaspace")!;
    const drops = prependScheme(fields) !== "never";
    return perToken(() => {
      let first = true;
      return (token) => {
        const text = token.replaceAll(mark, first && drops ? "" : " ");
        first = false;
        return text;
      };
    });
  },
  BPEDecoder: (fields) => {
    const suffix = textOr(fields, "suffix", "</w>", "the decoder BPEDecoder")!;
    return (next) => {
      let held: string | null = null;
      return {
        push(token) {
          if (held !== null) next(held.replaceAll(suffix, " "), true);
          held = token;
        },
        end() {
          if (held !== null) next(held.replaceAll(suffix, ""), true);
        },
      };
    };
  },
};

/** How BERT's words are written together again. */
const CLEANED: readonly (readonly [string, string])[] = [
  [" .", "."],
  [" ?", "?"],
  [" !", "!"],
  [" ,", ","],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" do not", " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];
const cleaned = (text: string): string => CLEANED.reduce((so, [from, to]) => so.replaceAll(from, to), text);

/** `<0x0A>` is a byte; bytes in a row are UTF-8, or a U+FFFD each. */
const byteFallback: Decoder = (next) => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length === 0) return;
    const run = Uint8Array.from(bytes);
    bytes = [];
    try {
      next(strict.decode(run), true);
    } catch {
      for (const _ of run) next("\ufffd", true);
    }
  };
  return {
    push(token) {
      const found = /^<0x([0-9A-Fa-f]{2})>$/.exec(token);
      if (found !== null) bytes.push(Number.parseInt(found[1]!, 16));
      else {
        flush();
        next(token, true);
      }
    },
    end: flush,
  };
};

function strip(fields: Fields): Decoder {
  const content = textOr(fields, "content", null, "the decoder Strip");
  const { start = 0, stop = 0 } = fields;
  if (content === null || typeof start !== "number" || typeof stop !== "number")
    throw invalid("the decoder Strip", "it needs `content`, `start` and `stop`");
  return (next) => {
    /** How many may still go at the token's start. */
    let left = 0;
    return {
      push(text, starts) {
        if (starts) left = start;
        let from = 0;
        while (left > 0 && text.startsWith(content, from)) {
          from += content.length;
          left--;
        }
        if (from < text.length) left = 0;
        let to = text.length;
        for (
          let i = 0;
          i < stop && to > from && text.endsWith(content) && text.slice(0, to).endsWith(content);
          i++
        )
          to -= content.length;
        next(text.slice(from, to), starts);
      },
      end: nothing,
    };
  };
}
