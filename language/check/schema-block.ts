/** The `schema { name: type constraint… }` block of a dataset. */
import type { Json } from "../ir/canonical.ts";
import type { Block, Column, Constraint } from "../syntax/tree.ts";
import { CONSTRAINTS, type ConstraintSpec } from "../vocabulary/constraints.ts";
import { COLUMN_TYPES, type ColumnType } from "../vocabulary/types.ts";
import { describeExpression, evaluateConstant } from "./constants.ts";
import type { Site } from "./draft.ts";
import { reportUnknown } from "./messages.ts";
import { formatProblem } from "./moment-format.ts";
import { patternProblem } from "./pattern.ts";
import { edit, related, replaceWith } from "./source.ts";
import { listed } from "./suggest.ts";
import { bareName } from "./symbols.ts";

type Draft = Record<string, Json>;

const isColumnType = (text: string): text is ColumnType => Object.hasOwn(COLUMN_TYPES, text);

/** Reads the columns in the order written; a broken column is reported and left out of nothing else's way. */
export function readColumns(block: Block, site: Site): Json {
  const first = new Map<string, Column>();
  const columns: Json[] = [];
  for (const node of block.items) {
    if (node.kind !== "column") {
      notAColumn(node, site);
      continue;
    }
    const earlier = first.get(node.name.text);
    if (earlier !== undefined) {
      site.report(
        "ML2028",
        { what: `the column \`${node.name.text}\``, where: "the schema" },
        node.name.span,
        {
          related: [related(site.source, earlier.name.span, "first declared here")],
        },
      );
      continue;
    }
    first.set(node.name.text, node);
    const column = readColumn(node, site.at(columns.length, node.name.text));
    if (column !== undefined) columns.push(column);
  }
  if (columns.length === 0 && first.size === 0 && block.items.length === 0) {
    site.report(
      "ML2016",
      { attribute: site.label, problem: "is empty; name at least one column" },
      block.span,
    );
  }
  return columns.slice(); // without the room for more
}

function notAColumn(node: Exclude<Block["items"][number], Column>, site: Site): void {
  const item = site.source.lines.text.slice(node.span.start, node.span.end).split("\n")[0]!.slice(0, 40);
  if (node.kind === "attribute") {
    const gap = { start: node.name.span.end, end: node.value.span.start };
    site.report(
      "ML2029",
      { item: `\`${item}\``, where: "the schema", wanted: `write \`${node.name.text}: …\`` },
      node.span,
      {
        fixes: [{ title: "write `:`", edits: [edit(site.source, gap, ": ")] }],
      },
    );
    return;
  }
  site.report(
    "ML2029",
    { item: `\`${item}\``, where: "the schema", wanted: "write `name: type`" },
    node.span,
  );
}

function readColumn(node: Column, site: Site): Json | undefined {
  site.locate(node.span);
  const written = bareName(node.type);
  if (node.type.kind === "missing") return undefined;
  if (written === null || !isColumnType(written.text)) {
    const name = written ?? {
      kind: "name" as const,
      quoted: false,
      span: node.type.span,
      text: describeExpression(node.type, site.source),
    };
    reportUnknown(site, "ML2025", name, Object.keys(COLUMN_TYPES), { type: name.text });
    return undefined;
  }
  const column: Draft = {
    name: node.name.text,
    type: written.text,
    nullable: false,
    role: null,
    positive: null,
    min: null,
    max: null,
    values: null,
    unique: false,
    pattern: null,
    format: null,
    redacted: false,
    doc: node.doc,
  };
  const before = site.errors;
  const seen = new Set<string>();
  for (const constraint of node.constraints) {
    const word = constraint.word.text;
    const spec = CONSTRAINTS[word];
    if (spec === undefined) {
      reportUnknown(site, "ML2026", constraint.word, Object.keys(CONSTRAINTS), { word });
    } else if (seen.has(word)) {
      site.report("ML2006", { attribute: word }, constraint.word.span);
    } else if (!spec.fits.includes(written.text)) {
      site.report(
        "ML2027",
        { word, problem: `fits ${listed(spec.fits, "and")}; \`${node.name.text}\` is \`${written.text}\`` },
        constraint.span,
      );
    } else apply(constraint, spec, column, site);
    seen.add(word);
  }
  if (site.errors === before) checkTogether(node, column, site);
  return column;
}

function apply(constraint: Constraint, spec: ConstraintSpec, column: Draft, site: Site): void {
  const word = constraint.word.text;
  const wrong = (problem: string) => site.report("ML2027", { word, problem }, constraint.span);
  if (spec.takes === "nothing") {
    if (constraint.value !== null) return void wrong("takes no value");
    if (spec.role === undefined) column[word] = true;
    else if (column["role"] === null) column["role"] = spec.role;
    else wrong(`cannot stand beside \`${String(column["role"])}\`: a column has one role`);
    return;
  }
  if (constraint.value === null) return void wrong(`needs ${EXPECTED[spec.takes]}`);
  if (constraint.value.kind === "missing") return;
  const value = readConstraintValue(constraint.value, spec.takes, String(column["type"]), site);
  if (value === undefined) wrong(`needs ${EXPECTED[spec.takes]}`);
  else if (value !== "failed") column[TARGETS[word] ?? word] = value.json;
}

const EXPECTED = {
  number: "a number",
  text: "text in quotes",
  value: 'a value, such as `"yes"`',
  values: 'a list of values, `["a", "b"]`',
} as const;
/** Where a constraint's value is kept, when not under its own word. */
const TARGETS: Readonly<Record<string, string>> = { one_of: "values", matches: "pattern" };

function readConstraintValue(
  expression: NonNullable<Constraint["value"]>,
  takes: "number" | "text" | "value" | "values",
  type: string,
  site: Site,
): { json: Json } | "failed" | undefined {
  const fits = (is: string): boolean =>
    type === "boolean"
      ? is === "boolean"
      : type === "int" || type === "float"
        ? is === "number"
        : is === "text";
  if (takes === "values") {
    if (expression.kind !== "list" || expression.items.length === 0) return undefined;
    const values: Json[] = [];
    for (const item of expression.items) {
      const constant = evaluateConstant(item, site);
      if (constant === "failed" || constant === "unknown") return "failed";
      if (constant === "none" || !fits(constant.is)) return undefined;
      values.push(constant.value);
    }
    return { json: values };
  }
  const constant = evaluateConstant(expression, site);
  if (constant === "failed" || constant === "unknown") return "failed";
  if (constant === "none" || constant.is === "null") return undefined;
  const accepted = takes === "value" ? fits(constant.is) : constant.is === takes;
  return accepted ? { json: constant.value } : undefined;
}

function checkTogether(node: Column, column: Draft, site: Site): void {
  const wrong = (word: string, problem: string) => {
    const constraint = node.constraints.find((candidate) => candidate.word.text === word);
    site.report("ML2027", { word, problem }, constraint?.span ?? node.span);
  };
  const { min, max, values, positive } = column;
  if (typeof min === "number" && typeof max === "number" && min > max)
    wrong("min", `is larger than \`max\`: no value fits`);
  if (positive !== null && column["role"] !== "label")
    wrong("positive", "belongs to a label: write `label` before it");
  if (Array.isArray(values) && positive !== null && !values.includes(positive)) {
    wrong("positive", "is not among the values of `one_of`");
  }
  const numbers = (Array.isArray(values) ? values : []).filter((value) => typeof value === "number");
  const outside = numbers.find(
    (value) => (typeof min === "number" && value < min) || (typeof max === "number" && value > max),
  );
  if (outside !== undefined) wrong("one_of", `allows ${outside}, which \`min\` and \`max\` leave out`);
  if (column["type"] === "int" && typeof min === "number" && typeof max === "number") {
    if (Math.ceil(min) > Math.floor(max)) wrong("min", "leaves no whole number below `max`");
  }
  checkTexts(node, column, site);
}

/** Patterns and formats that nothing could match. */
function checkTexts(node: Column, column: Draft, site: Site): void {
  const { pattern, format } = column;
  for (const constraint of node.constraints) {
    const word = constraint.word.text;
    if (word === "matches" && typeof pattern === "string") {
      const problem = patternProblem(pattern);
      if (problem !== null) site.report("ML2027", { word, problem }, constraint.span);
    }
    if (word !== "format" || typeof format !== "string") continue;
    const found = formatProblem(format);
    if (found === null) continue;
    const { problem, meant } = found;
    const place = constraint.value?.kind === "string" ? constraint.value.span : null;
    site.report(
      "ML2027",
      { word, problem: meant === null ? problem : `${problem}; did you mean \`"${meant}"\`?` },
      constraint.span,
      meant === null || place === null ? {} : { fixes: replaceWith(site.source, place, `"${meant}"`) },
    );
  }
}
