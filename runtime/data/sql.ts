/** Spelling values as DuckDB SQL. Everything that a user wrote goes through here before it stands in a statement. */

/** A column or table name, quoted. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string constant. */
export function text(value: string): string {
  // DuckDB reads no backslash escapes in plain quotes; NUL is the one code point that its lexer refuses.
  if (value.includes("\0")) {
    return `(${value.split("\0").map(text).join(" || chr(0) || ")})`;
  }
  return `'${value.replaceAll("'", "''")}'`;
}

/**
 * A number as DOUBLE, exactly: a plain `0.1` would be a DECIMAL, and its later conversion may be off by a bit.
 */
export function double(value: number): string {
  if (Number.isNaN(value)) return "'nan'::DOUBLE";
  if (value === Number.POSITIVE_INFINITY) return "'inf'::DOUBLE";
  if (value === Number.NEGATIVE_INFINITY) return "'-inf'::DOUBLE";
  return `'${Object.is(value, -0) ? "-0.0" : value}'::DOUBLE`;
}

/** `[a, b]` of string constants. */
export function texts(values: readonly string[]): string {
  return `[${values.map(text).join(", ")}]`;
}

/** An index into `levels`, −1 for a value that is missing or not among them, as INTEGER. */
export function levelCode(column: string, levels: readonly string[]): string {
  if (levels.length === 0) return "(-1)";
  return `coalesce(enum_code(TRY_CAST(${column} AS ENUM(${levels.map(text).join(", ")})))::INTEGER, -1)`;
}
