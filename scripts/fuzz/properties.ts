/** What must hold of every text whatever, and of every text that has no errors. */
import type { Compiled } from "../../language/compile.ts";
import { format } from "../../language/syntax/format.ts";
import { parse } from "../../language/syntax/parse.ts";
import { printTree } from "../../language/syntax/print.ts";
import type { SourceTree } from "../../language/syntax/tree.ts";
import { layoutOf } from "../../language/vocabulary/layout.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { shape } from "../../test/syntax/generate.ts";
import { type Modules, read } from "./reading.ts";

const layout = layoutOf(vocabulary);

export interface Verdict {
  /** What is wrong, in a sentence; null when everything holds. */
  readonly problem: string | null;
  /** The parser found no mistake, so the text was laid out, read again and compared. */
  readonly roundTrip: boolean;
  /** What checking took, and how much text it read. */
  readonly ms: number;
  readonly units: number;
}

export function verdictOn(text: string, modules: Modules): Verdict {
  try {
    const start = performance.now();
    const { compiled, units } = read(text, modules);
    const ms = performance.now() - start;
    const tree = parse(text);
    const problem = misread(tree) ?? misprinted(tree) ?? miscompiled(compiled);
    return { problem, roundTrip: tree.errors.length === 0, ms, units };
  } catch (error) {
    const problem = `it threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    return { problem, roundTrip: false, ms: 0, units: text.length };
  }
}

function misread(tree: SourceTree): string | null {
  if (printTree(tree) !== tree.text) return "the tokens joined are not the text";
  let end = 0;
  for (const token of tree.tokens) {
    if (token.start !== end || token.end <= token.start)
      return `a token stands at ${token.start}, not ${end}`;
    end = token.end;
  }
  const outside = tree.errors.find(
    ({ span }) => !(0 <= span.start && span.start <= span.end && span.end <= tree.text.length),
  );
  return outside === undefined ? null : `${outside.code} stands outside the text`;
}

/** The layout keeps the tree and the comments, and is its own layout. */
function misprinted(tree: SourceTree): string | null {
  if (tree.errors.length > 0) return null;
  const formatted = format(tree, layout);
  const again = parse(formatted);
  if (again.errors.length > 0) return `what fmt writes has the error ${again.errors[0]?.code}`;
  if (shape(again.items) !== shape(tree.items)) return "what fmt writes is another tree";
  if (comments(again) !== comments(tree)) return "what fmt writes has other comments";
  return format(again, layout) === formatted ? null : "fmt changes what fmt has written";
}

function comments({ tokens }: SourceTree): string {
  return tokens
    .filter(({ type }) => type === "comment" || type === "doc")
    .map(({ text }) => text.trimEnd())
    .join("\n");
}

function miscompiled({ program, diagnostics }: Compiled): string | null {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  if ((program === null) !== errors > 0) return "a program without errors, or errors with a program";
  const blank = diagnostics.find(
    ({ message, range }) => message === "" || !(range.line >= 1 && range.column >= 1),
  );
  return blank === undefined ? null : `${blank.code} says nothing or stands nowhere`;
}
