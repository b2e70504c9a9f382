/** Every request of the server, asked at random places. */
import type { Random } from "../../../scripts/fuzz/random.ts";
import { isPlace, positionAt } from "./text.ts";

export interface Asked {
  readonly method: string;
  readonly params: object;
}

type Make = (uri: string, text: string, random: Random) => object;

/** Most often where somebody has just typed: behind a word, a dot, a bracket. */
function offsetIn(text: string, random: Random): number {
  const offset = random.below(text.length + 1);
  if (!isPlace(text, offset)) return offset - 1;
  if (random.below(3) === 0) return offset;
  const next = /[\w.:=({["]\b|\b[\w.:=({["]/.exec(text.slice(offset, offset + 40));
  return next === null ? offset : offset + next.index + 1;
}

const at: Make = (uri, text, random) => ({
  textDocument: { uri },
  position: positionAt(text, offsetIn(text, random)),
});
const whole: Make = (uri) => ({ textDocument: { uri } });
const within: Make = (uri, text, random) => {
  const [start, end] = [offsetIn(text, random), offsetIn(text, random)].sort((a, b) => a - b);
  return {
    textDocument: { uri },
    range: { start: positionAt(text, start!), end: positionAt(text, end!) },
    options: { tabSize: 2, insertSpaces: true },
    context: { diagnostics: [] },
  };
};

/** Requests that change nothing, by method. */
export const REQUESTS: Readonly<Record<string, Make>> = {
  "textDocument/completion": at,
  "textDocument/hover": at,
  "textDocument/signatureHelp": at,
  "textDocument/definition": at,
  "textDocument/references": (...args) => ({ ...at(...args), context: { includeDeclaration: true } }),
  "textDocument/documentHighlight": at,
  "textDocument/prepareRename": at,
  "textDocument/rename": (uri, text, random) => ({
    ...at(uri, text, random),
    newName: random.pick(["other", "income", "a b", ""]),
  }),
  "textDocument/semanticTokens/full": whole,
  "textDocument/semanticTokens/range": within,
  "textDocument/documentSymbol": whole,
  "workspace/symbol": (_uri, _text, random) => ({ query: random.pick(["", "s", "lo", "sc", "zz"]) }),
  "textDocument/foldingRange": whole,
  "textDocument/selectionRange": (uri, text, random) => ({
    textDocument: { uri },
    positions: [positionAt(text, offsetIn(text, random)), positionAt(text, offsetIn(text, random))],
  }),
  "textDocument/formatting": within,
  "textDocument/rangeFormatting": within,
  "textDocument/onTypeFormatting": (...args) => ({
    ...at(...args),
    ch: "}",
    options: { tabSize: 2, insertSpaces: true },
  }),
  "textDocument/codeAction": within,
  "textDocument/codeLens": whole,
  "textDocument/inlayHint": within,
  "textDocument/documentLink": whole,
  "textDocument/prepareCallHierarchy": at,
  "textDocument/linkedEditingRange": at,
  "textDocument/diagnostic": whole,
  "mlops/graph": (...args) => ({ ...at(...args), focus: true }),
  "mlops/library": (_uri, _text, random) => ({
    name: random.pick(["gates.mlops", "../x.mlops", "no.mlops"]),
  }),
};

export function randomRequest(uri: string, text: string, random: Random): Asked {
  const method = random.pick(Object.keys(REQUESTS));
  return { method, params: REQUESTS[method]!(uri, text, random) };
}
