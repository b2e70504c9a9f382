/** A bare name in an expression: a column, a word of the scope, or a parameter. */
import type { Name } from "../syntax/tree.ts";
import type { FunctionSpec, Vocabulary } from "../vocabulary/kind.ts";
import type { Scope } from "../vocabulary/types.ts";
import type { ExpressionScope, Inferred } from "./expression-types.ts";
import { reportUnknown } from "./messages.ts";
import { describeSymbol } from "./symbols.ts";

const known = new WeakMap<Vocabulary, Map<Scope, readonly FunctionSpec[]>>();

/** The functions of a scope: a table's conditions may use those of a row too. */
export function functionsIn(vocabulary: Vocabulary, scope: Scope): readonly FunctionSpec[] {
  const byScope = known.get(vocabulary) ?? new Map<Scope, readonly FunctionSpec[]>();
  known.set(vocabulary, byScope);
  const before = byScope.get(scope);
  if (before !== undefined) return before;
  const found = Object.values(vocabulary.functions).filter(
    (spec) => spec.scope === scope || (scope === "table" && spec.scope === "row"),
  );
  byScope.set(scope, found);
  return found;
}

/** `rows`, `champion`: functions without arguments are written without brackets. */
const wordIn = (scope: ExpressionScope, name: string): FunctionSpec | undefined =>
  functionsIn(scope.site.vocabulary, scope.scope).find(
    (spec) => spec.name === name && spec.parameters.length === 0,
  );

export function inferName(name: Name, scope: ExpressionScope): Inferred | null {
  const { site, columns } = scope;
  const column = columns.lookup(name.text);
  if (column === "failed") return null;
  const symbol = site.lookup(name.text);
  if (column !== null) {
    if (symbol?.is === "parameter" && !name.quoted) {
      site.report("ML2033", { name: name.text, what: "a column", other: describeSymbol(symbol) }, name.span, {
        help: `Rename the parameter, or write the column in backticks: \`\`\`${name.text}\`\`\`.`.replaceAll(
          "```",
          "`",
        ),
      });
      return null;
    }
    return { ir: { is: "column", name: name.text }, type: column.type, column: column.source };
  }
  const word = wordIn(scope, name.text);
  if (word !== undefined) {
    if (word.members === "metrics") {
      site.report("ML2032", { name: name.text }, name.span);
      return null;
    }
    return { ir: { is: "name", name: name.text, path: [] }, type: word.result };
  }
  if (symbol?.is === "parameter") {
    if (symbol.value === null) return null;
    const { value } = symbol;
    const type = value.is === "null" ? "any" : value.is;
    return {
      ir: { is: "literal", value: value.value },
      type,
      percent: value.is === "number" && value.unit === "ratio",
    };
  }
  if (!columns.known && symbol === undefined)
    return { ir: { is: "column", name: name.text }, type: "any", column: null };
  unknown(name, scope);
  return null;
}

function unknown(name: Name, scope: ExpressionScope): void {
  const { site, columns } = scope;
  const symbol = site.lookup(name.text);
  if (scope.scope === "metrics") {
    if (symbol !== undefined) {
      site.report("ML2032", { name: name.text }, name.span);
      return;
    }
    const known = site.scope.names(() => true);
    const words = functionsIn(site.vocabulary, "metrics").map((spec) => spec.name);
    reportUnknown(site, "ML2008", name, [...known, ...words], { name: name.text, wanted: "evaluation" });
    return;
  }
  if (symbol !== undefined) {
    site.report(
      "ML2036",
      {
        of: "an expression over rows",
        wanted: "reads columns",
        found: `; \`${name.text}\` is ${describeSymbol(symbol)}`,
      },
      name.span,
    );
    return;
  }
  const words = functionsIn(site.vocabulary, scope.scope).filter((spec) => spec.parameters.length === 0);
  const known = [...columns.names, ...words.map((spec) => spec.name)];
  reportUnknown(site, "ML2020", name, known, { column: name.text, where: columns.where });
}
