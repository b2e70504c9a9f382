/** Changes that nobody has to make: what is missing is added, a value becomes a parameter, an evaluation gets a gate. */
import { type CodeAction, CodeActionKind, type TextEdit } from "vscode-languageserver-types";
import type { Span } from "../../language/syntax/tree.ts";
import { metricKey } from "../../language/vocabulary/metric-key.ts";
import type { Field } from "../../language/vocabulary/schema.ts";
import { cursorAt } from "../cursor.ts";
import { declaredName } from "../features/document-symbols.ts";
import type { Parsed } from "../files.ts";
import { Known, nameOf } from "../known.ts";
import { positionOf, spanRange, uriOf } from "../locations.ts";
import { fieldsOfOwner, ownerOf } from "../place.ts";
import type { Workspace } from "../workspace.ts";

type Make = (workspace: Workspace, path: string, parsed: Parsed, at: Span) => CodeAction[];

const insert = ({ lines }: Parsed, offset: number, newText: string): TextEdit => {
  const position = positionOf(lines, offset);
  return { range: { start: position, end: position }, newText };
};

const action = (path: string, title: string, kind: string, edits: readonly TextEdit[]): CodeAction => ({
  title,
  kind,
  edit: { changes: { [uriOf(path)]: [...edits] } },
});

/** The declaration that holds a place, of the file itself. */
const declarationAt = ({ tree }: Parsed, at: Span) =>
  tree.items.find((item) => item.kind === "phrase" && item.span.start <= at.start && at.end <= item.span.end);

/** What stands for a value that the author will write. */
function placeholder({ name, meaning }: Field, indent: string): string {
  switch (meaning.is) {
    case "columns":
      return `${name} {\n${indent}  name: float\n${indent}}`;
    case "block":
    case "map":
      return `${name} {\n${indent}}`;
    case "rules":
      return `${name} `;
    case "text":
    case "path":
    case "template":
      return `${name} = ""`;
    case "list":
      return `${name} = []`;
    case "number":
      return `${name} = ${meaning.min ?? 1}`;
    case "boolean":
      return `${name} = true`;
    case "choice":
      return `${name} = ${Object.keys(meaning.values)[0] ?? ""}`;
    case "reference":
      return `${name} = ${meaning.to[0] ?? ""}`;
    default:
      return `${name} = `;
  }
}

export const addMissingAttributes: Make = (workspace, path, parsed, at) => {
  const item = declarationAt(parsed, at);
  const owner = item?.kind === "phrase" ? ownerOf(item, workspace.vocabulary) : null;
  if (item?.kind !== "phrase" || owner === null || item.block === null) return [];
  const given = new Set(item.block.items.map(nameOf));
  const missing = fieldsOfOwner(owner, workspace.vocabulary).filter(
    ({ name, required, position }) => required && position === null && !given.has(name),
  );
  if (missing.length === 0) return [];
  const lines = missing.map((field) => `  ${placeholder(field, "  ")}\n`).join("");
  const last = item.block.items.at(-1);
  const edit =
    last === undefined
      ? { range: spanRange(parsed.lines, item.block.span), newText: `{\n${lines}}` }
      : insert(parsed, last.span.end, `\n${lines.trimEnd()}`);
  const names = missing.map(({ name }) => `\`${name}\``).join(", ");
  return [action(path, `Add ${names}`, CodeActionKind.RefactorRewrite, [edit])];
};

const UNIT_TYPES: Readonly<Record<string, string>> = { ratio: "ratio", duration: "duration", size: "size" };

/** `trees = 300` becomes `trees = trees_count` with `param trees_count: int = 300` above. */
export const extractParameter: Make = (workspace, path, parsed, at) => {
  const { inside, item, blocks } = cursorAt(parsed, at.start);
  const literal = inside.findLast(
    (node) => node.kind === "number" || node.kind === "string" || node.kind === "boolean",
  );
  const [declaration] = blocks;
  if (
    literal === undefined ||
    item?.kind !== "attribute" ||
    declaration === undefined ||
    declaration.head.text === "template"
  )
    return [];
  if (literal.kind === "string" && literal.block) return [];
  const text = parsed.text.slice(literal.span.start, literal.span.end);
  const type =
    literal.kind === "string"
      ? "string"
      : literal.kind === "boolean"
        ? "boolean"
        : literal.kind === "number" && literal.unit !== null
          ? UNIT_TYPES[workspace.vocabulary.units[literal.unit]?.unit ?? ""]
          : /[.e]/i.test(text)
            ? "float"
            : "int";
  if (type === undefined) return [];
  const known = new Known(workspace.analysis(path));
  const taken = (name: string) =>
    known.symbol(name) !== null || blocks.some((phrase) => phrase.head.text === name);
  const base = item.name.text;
  const owner = declaredName(declaration)?.text ?? "value";
  const name =
    [base, `${owner}_${base}`].find((candidate) => !taken(candidate) && !isWord(workspace, candidate)) ??
    `${owner}_${base}_value`;
  const first = parsed.tree.items.find(
    (each) => each.kind === "phrase" && each.head.text !== "mlops" && each.head.text !== "param",
  );
  const start = lineStart(parsed, first?.span.start ?? 0);
  return [
    action(path, `Extract into \`param ${name}\``, CodeActionKind.RefactorExtract, [
      insert(parsed, start, `param ${name}: ${type} = ${text}\n\n`),
      { range: spanRange(parsed.lines, literal.span), newText: name },
    ]),
  ];
};

/** A name may not be a word of the language too. */
const isWord = ({ vocabulary }: Workspace, name: string): boolean =>
  Object.hasOwn(vocabulary.kinds, name) ||
  Object.hasOwn(vocabulary.metrics, name) ||
  Object.hasOwn(vocabulary.layers, name) ||
  Object.values(vocabulary.functions).some((spec) => spec.name === name);

/** The line's first letter, documentation above it left where it is. */
function lineStart({ text }: Parsed, offset: number): number {
  let start = text.lastIndexOf("\n", offset - 1) + 1;
  for (;;) {
    const before = text.lastIndexOf("\n", start - 2) + 1;
    if (start === 0 || !text.slice(before, start).trimStart().startsWith("///")) return start;
    start = before;
  }
}

/** A gate over the first metric of the evaluation at the cursor, which no gate judges yet. */
export const addGate: Make = (workspace, path, parsed, at) => {
  const item = declarationAt(parsed, at);
  const name = item?.kind === "phrase" && item.head.text === "evaluation" ? declaredName(item) : null;
  if (item === undefined || name === null) return [];
  const known = new Known(workspace.analysis(path));
  const symbol = known.symbol(name.text);
  const metrics = symbol?.is === "declaration" ? (known.offered(symbol.id)?.metrics ?? []) : [];
  const [metric] = metrics;
  if (metric === undefined || symbol?.is !== "declaration") return [];
  const judged = known.analysis.drafts.some(
    (draft) => draft.symbol.kindName === "gate" && draft.refs.includes(symbol.id),
  );
  const free = [`${name.text}_well`, `${name.text}_ready`, `${name.text}_gate`].find(
    (candidate) => known.symbol(candidate) === null,
  );
  if (judged || free === undefined) return [];
  const spec = workspace.vocabulary.metrics[metric.name];
  const bound = spec?.ratio === true ? "80%" : "1";
  const rule = `require ${name.text}.${metricKey(metric)} ${spec?.better === "lower" ? "<=" : ">="} ${bound}`;
  return [
    action(path, "Add a gate", CodeActionKind.RefactorRewrite, [
      insert(parsed, item.span.end, `\n\ngate ${free} {\n  ${rule}\n}`),
    ]),
  ];
};
