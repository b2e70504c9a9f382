/** The row functions of `stdlib/functions` in SQL; `runtime/portable/functions.ts` says the same of single rows. */
import { text } from "./sql.ts";
import { alike, asNumber, asText, ExpressionError, type SqlExpression } from "./sql-value.ts";

type Rule = (args: readonly SqlExpression[]) => SqlExpression;

const numeric =
  (sql: (...args: string[]) => string): Rule =>
  (args) => ({ sql: sql(...args.map(asNumber)), type: "number" });

const textual =
  (type: SqlExpression["type"], sql: (...args: string[]) => string): Rule =>
  (args) => ({ sql: sql(...args.map(stringOf)), type });

/** A part of a moment: times are seconds since 1970 UTC. */
const partOf = (part: string): Rule =>
  numeric((at) => `${part}(make_timestamp((${at} * 1000000)::BIGINT))::DOUBLE`);

/** White space as `String.prototype.trim` knows it. */
const SPACES =
  "\t\n\u000b\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

/** By name. A missing argument gives a missing result unless the function is about missing values. */
export const FUNCTIONS: Readonly<Record<string, Rule>> = {
  abs: numeric((x) => `abs(${x})`),
  round: numeric((x, digits = "0::DOUBLE") => {
    // Halves away from zero, in operations that every evaluator of the expression has.
    const scale = `pow(10, ${digits})`;
    return `(sign(${x}) * floor(abs(${x}) * ${scale} + 0.5::DOUBLE) / ${scale})`;
  }),
  floor: numeric((x) => `floor(${x})`),
  ceil: numeric((x) => `ceil(${x})`),
  sqrt: numeric((x) => `(CASE WHEN ${x} >= 0 THEN sqrt(${x}) END)`),
  ln: numeric((x) => `(CASE WHEN ${x} > 0 THEN ln(${x}) END)`),
  log10: numeric((x) => `(CASE WHEN ${x} > 0 THEN log10(${x}) END)`),
  exp: numeric((x) => `exp(${x})`),
  pow: numeric((x, y) => `(CASE WHEN isfinite(pow(${x}, ${y})) THEN pow(${x}, ${y}) END)`),
  min: numeric((...all) => unlessMissing(all, `least(${all.join(", ")})`)),
  max: numeric((...all) => unlessMissing(all, `greatest(${all.join(", ")})`)),
  clip: numeric((x, low, high) => unlessMissing([x!, low!, high!], `least(greatest(${x}, ${low}), ${high})`)),
  coalesce: (args) => {
    const [first, ...rest] = args;
    if (!first) throw new ExpressionError("coalesce takes a value");
    return rest.reduce((left, right) => {
      const [a, b, type] = alike(left, right);
      return { sql: `coalesce(${a}, ${b})`, type };
    }, first);
  },
  is_missing: ([x]) => ({ sql: `(${x!.sql} IS NULL)`, type: "boolean" }),
  lower: textual("string", (x) => `lower(${x})`),
  upper: textual("string", (x) => `upper(${x})`),
  trim: textual("string", (x) => `nullif(trim(${x}, ${text(SPACES)}), '')`),
  length: textual("number", (x) => `length(${x})::DOUBLE`),
  contains: textual("boolean", (x, part) => `contains(${x}, ${part})`),
  starts_with: textual("boolean", (x, part) => `starts_with(${x}, ${part})`),
  ends_with: textual("boolean", (x, part) => `ends_with(${x}, ${part})`),
  concat: (args) => ({ sql: `(${args.map(asText).join(" || ")})`, type: "string" }),
  year: partOf("year"),
  month: partOf("month"),
  day: partOf("day"),
  weekday: partOf("isodow"),
  hour: partOf("hour"),
  days_between: numeric((from, to) => `((${to} - ${from}) / 86400::DOUBLE)`),
  number: ([x]) => {
    if (x!.type !== "string") return { sql: asNumber(x!), type: "number" };
    const value = `TRY_CAST(${x!.sql} AS DOUBLE)`;
    return { sql: `(CASE WHEN isfinite(${value}) THEN ${value} END)`, type: "number" };
  },
  text: ([x]) => ({ sql: asText(x!), type: "string" }),
};

/** LEAST and GREATEST skip nulls; here a missing argument makes the result missing, as everywhere else. */
function unlessMissing(all: readonly string[], value: string): string {
  return `(CASE WHEN ${all.map((x) => `${x} IS NOT NULL`).join(" AND ")} THEN ${value} END)`;
}

function stringOf(value: SqlExpression): string {
  if (value.sql === "NULL") return "NULL::VARCHAR";
  if (value.type !== "string") throw new ExpressionError("a number where text belongs");
  return value.sql;
}
