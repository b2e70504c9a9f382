/** Reads one expression against what stdlib says may stand there. */
import type { Json } from "../ir/canonical.ts";
import type { Expression } from "../syntax/tree.ts";
import { CONSTRAINTS } from "../vocabulary/constraints.ts";
import type { Typed } from "../vocabulary/schema.ts";
import { elementOf } from "../vocabulary/schema.ts";
import type { Meaning } from "../vocabulary/types.ts";
import { readCall, readMetric } from "./calls.ts";
import { readClaim } from "./claims.ts";
import { columnsOf } from "./columns-in-scope.ts";
import { type Constant, describeExpression, evaluateConstant } from "./constants.ts";
import type { Site } from "./draft.ts";
import { readExpression } from "./expressions.ts";
import { relativeTo } from "./file-paths.ts";
import { readCell, readLabel, readLabelled } from "./labels.ts";
import { expected, reportUnknown, wrongType } from "./messages.ts";
import { fitsMeaning } from "./parameter-types.ts";
import { readReference } from "./references.ts";
import { readDimension } from "./sizes.ts";
import { edit, replaceWith } from "./source.ts";
import { bareName } from "./symbols.ts";

/** The value, or undefined when it was not accepted and that has been said. */
export function readValue(expression: Expression, typed: Typed, site: Site): Json | undefined {
  if (expression.kind === "missing") return undefined;
  const { meaning } = typed;
  const named = expression.kind === "reference" && !expression.name.quoted ? expression.name : null;
  const symbol = named === null ? undefined : site.lookup(named.text);
  if (named !== null && (symbol?.is === "constant" || symbol?.is === "argument")) {
    const { bound } = symbol;
    const { reporter } = site.world;
    if (bound.is === "expression" && !reporter.wrongInGeneral(site.scope, expression.span))
      return readValue(bound.expression, typed, site.in(bound.scope, site.written ?? named.text));
    if (bound.is === "unknown" && bound.type !== null && !fitsMeaning(bound.type, meaning))
      return wrongType(site, expression, expected(meaning));
    site.fail(); // said where it is written, or not known yet
    return undefined;
  }
  switch (meaning.is) {
    case "text":
    case "path":
    case "template":
    case "boolean":
    case "number":
      return readLiteral(expression, meaning, site);
    case "secret":
      return readSecret(expression, site);
    case "choice":
      return readChoice(expression, meaning, site);
    case "reference":
      return meaning.path === true && !namesDeclaration(expression, site)
        ? readLiteral(expression, { is: "path", doc: meaning.doc }, site, expected(meaning))
        : readReference(expression, meaning, site);
    case "column":
      return readColumn(expression, meaning, site);
    case "metric":
      return readMetric(expression, site) as Json | undefined; // a metric's use is JSON
    case "expression": {
      const read = meaning.about === undefined ? readExpression : readClaim;
      return read(expression, meaning, site) as Json | undefined; // an IR expression is JSON
    }
    case "cell":
      return readCell(expression, site);
    case "label":
      return readLabel(expression, site);
    case "labelled":
      return readLabelled(expression, meaning.among, site);
    case "call":
      return readCall(expression, meaning, site);
    case "list":
      return readList(expression, typed, meaning, site);
    case "dimension":
      return readDimension(expression, site);
    case "layers":
    case "columns":
    case "map":
    case "block":
    case "rules":
      return wrongType(site, expression, expected(meaning));
  }
}

type NumberMeaning = Extract<Meaning, { is: "number" }>;
const isNumber = (meaning: LiteralMeaning): meaning is NumberMeaning => meaning.is === "number";
type LiteralMeaning = Extract<
  Meaning,
  { is: "number" } | { is: "text" | "path" | "template" | "boolean" | "secret" }
>;

/** Where a path or a reference may stand: `loans`, `cleaned.rows`; a parameter is a path. */
function namesDeclaration(expression: Expression, site: Site): boolean {
  const name = bareName(expression);
  return name === null ? expression.kind === "member" : site.lookup(name.text)?.is === "declaration";
}

function readLiteral(
  expression: Expression,
  meaning: LiteralMeaning,
  site: Site,
  wanted = expected(meaning),
): Json | undefined {
  const constant = evaluateConstant(expression, site);
  if (constant === "failed" || constant === "unknown") {
    site.fail();
    return undefined;
  }
  if (constant === "none") return wrongType(site, expression, wanted);
  if (isNumber(meaning)) return readNumber(expression, constant, meaning, site);
  if (constant.is === (meaning.is === "boolean" ? "boolean" : "text")) {
    if (meaning.is === "path" && constant.value === "") {
      site.report("ML2016", { attribute: site.label, problem: "is empty; give a path" }, expression.span);
      return undefined;
    }
    return meaning.is === "path" ? relativeTo(site.source.folder, String(constant.value)) : constant.value;
  }
  return wrongType(site, expression, wanted);
}

function readNumber(
  expression: Expression,
  constant: Constant,
  meaning: NumberMeaning,
  site: Site,
): Json | undefined {
  if (constant.is !== "number") return wrongType(site, expression, expected(meaning));
  const { value, unit } = constant;
  const bareIsFine = meaning.unit === "ratio" || meaning.unit === "none" || value === 0;
  if (unit !== meaning.unit && !(unit === "none" && bareIsFine))
    return wrongType(site, expression, expected(meaning));
  if (meaning.integer && !Number.isSafeInteger(value)) return wrongType(site, expression, expected(meaning));
  const show = (bound: number) => (meaning.unit === "ratio" ? `${bound * 100}%` : String(bound));
  if (
    !Number.isFinite(value) ||
    (meaning.min !== null && value < meaning.min) ||
    (meaning.max !== null && value > meaning.max)
  ) {
    const bounds =
      meaning.min !== null && meaning.max !== null
        ? `between ${show(meaning.min)} and ${show(meaning.max)}`
        : meaning.min !== null
          ? `at least ${show(meaning.min)}`
          : `at most ${show(meaning.max ?? Number.MAX_VALUE)}`;
    site.report(
      "ML2016",
      { attribute: site.label, problem: `must be ${bounds}, and is ${show(value)}` },
      expression.span,
    );
    return undefined;
  }
  return value;
}

function readSecret(expression: Expression, site: Site): Json | undefined {
  const name = bareName(expression);
  if (name === null) {
    if (expression.kind === "string") {
      site.report("ML2034", { attribute: site.label }, expression.span);
      return undefined;
    }
    return wrongType(site, expression, "a secret, declared with `secret NAME`");
  }
  const symbol = site.lookup(name.text);
  if (symbol?.is === "secret") return { secret: symbol.name };
  if (symbol !== undefined) return wrongType(site, expression, "a secret, declared with `secret NAME`");
  const secrets = site.scope.names((other) => other.is === "secret");
  reportUnknown(site, "ML2008", name, secrets, { name: name.text, wanted: "secret" });
  return undefined;
}

function readChoice(
  expression: Expression,
  meaning: Extract<Meaning, { is: "choice" }>,
  site: Site,
): Json | undefined {
  const words = Object.keys(meaning.values);
  const name = bareName(expression);
  if (name !== null && words.includes(name.text)) return name.text;
  // A parameter of type text may give the word.
  if (expression.kind === "string" && site.written !== null && words.includes(expression.value))
    return expression.value;
  if (expression.kind === "string" && words.includes(expression.value)) {
    site.report("ML2017", { attribute: site.label, word: expression.value }, expression.span, {
      fixes: replaceWith(site.source, expression.span, expression.value),
    });
    return undefined;
  }
  if (name === null) return wrongType(site, expression, expected(meaning));
  const symbol = site.lookup(name.text);
  if (symbol?.is === "parameter" && symbol.value === null) return undefined;
  if (symbol?.is === "parameter" && symbol.value?.is === "text" && words.includes(symbol.value.value))
    return symbol.value.value;
  if (symbol !== undefined) return wrongType(site, expression, expected(meaning));
  reportUnknown(site, "ML2018", name, words, { attribute: site.label, word: name.text });
  return undefined;
}

function readColumn(
  expression: Expression,
  meaning: Extract<Meaning, { is: "column" }>,
  site: Site,
): Json | undefined {
  let name = bareName(expression);
  if (expression.kind === "string" && site.written !== null)
    name = { kind: "name", text: expression.value, quoted: true, span: expression.span };
  else if (expression.kind === "string") {
    const written = /^[A-Za-z_]\w*$/.test(expression.value) ? expression.value : `\`${expression.value}\``;
    site.report("ML2019", { attribute: site.label, column: expression.value }, expression.span, {
      fixes: replaceWith(site.source, expression.span, written),
    });
    return undefined;
  }
  if (name === null) return wrongType(site, expression, expected(meaning));
  const scope = columnsOf(site, meaning.of);
  const found = scope.columns?.find((column) => column.name === name?.text);
  if (scope.columns !== null && found === undefined) {
    const parameter = site.lookup(name.text);
    if (parameter?.is === "parameter") {
      if (parameter.value === null) return undefined;
      if (parameter.value.is === "text") {
        name = { ...name, text: parameter.value.value };
        if (scope.columns.some((column) => column.name === name?.text)) return name.text;
      }
    }
    reportUnknown(
      site,
      "ML2020",
      name,
      scope.columns.map((column) => column.name),
      { column: name.text, where: scope.where },
    );
    return undefined;
  }
  if (found?.role != null && meaning.refuse.includes(found.role)) {
    const what = CONSTRAINTS[found.role]?.doc ?? "";
    site.report("ML3004", { attribute: site.label, column: found.name, role: found.role }, expression.span, {
      help: what,
    });
    return undefined;
  }
  return name.text;
}

function readList(
  expression: Expression,
  typed: Typed,
  { ordered, single }: Extract<Meaning, { is: "list" }>,
  site: Site,
): Json | undefined {
  if (expression.kind !== "list" && single === true) {
    const value = readValue(expression, elementOf(typed), site.at(0));
    return value === undefined ? undefined : [value];
  }
  if (expression.kind !== "list") {
    const source = site.source;
    const text = source.lines.text.slice(expression.span.start, expression.span.end);
    site.report(
      "ML2014",
      { attribute: site.label, expected: "a list, `[…]`", found: describeExpression(expression, source) },
      expression.span,
      {
        fixes: [{ title: `write \`[${text}]\``, edits: [edit(source, expression.span, `[${text}]`)] }],
      },
    );
    return undefined;
  }
  const element = elementOf(typed);
  const seen = new Map<string, Expression>();
  const values: Json[] = [];
  let failed = false;
  for (const item of expression.items) {
    const inner = site.at(values.length);
    const value = readValue(item, element, inner);
    if (value === undefined) {
      failed = true;
      continue;
    }
    const key = JSON.stringify(value);
    if (!ordered && seen.has(key)) {
      const text = site.source.lines.text.slice(item.span.start, item.span.end);
      site.report("ML2028", { what: `\`${text}\``, where: `\`${site.label}\`` }, item.span);
      failed = true;
      continue;
    }
    seen.set(key, item);
    inner.locate(item.span);
    values.push(value);
  }
  return failed ? undefined : values;
}
