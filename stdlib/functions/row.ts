import type { FunctionSpec, ValueType } from "../../language/vocabulary/kind.ts";

type Parameter = FunctionSpec["parameters"][number];

/** `"x: number"`, `"digits: number?"` for one that may be left out. */
function parameter(text: string): Parameter {
  const [name, type] = text.split(": ") as [string, string];
  const bare = type.replace("?", "") as ValueType; // the table below writes value types only
  return type.endsWith("?") ? { name, type: bare, optional: true } : { name, type: bare };
}

function row(
  name: string,
  parameters: readonly string[],
  result: ValueType,
  doc: string,
  example: string,
  variadic = false,
): FunctionSpec {
  return {
    name,
    doc,
    scope: "row",
    parameters: parameters.map(parameter),
    result,
    example,
    ...(variadic ? { variadic } : {}),
  };
}

/** What a function's number counts; seconds of one where it is a time. */
function counting(spec: FunctionSpec, what: string, seconds?: number): FunctionSpec {
  return { ...spec, counts: seconds === undefined ? { what } : { what, seconds } };
}

/** Functions of one row, for `derive` and for conditions that must hold on every row. A missing argument gives a missing result unless said otherwise. */
export const rowFunctions: readonly FunctionSpec[] = [
  row("abs", ["x: number"], "number", "The distance from zero.", "abs(balance)"),
  row(
    "round",
    ["x: number", "digits: number?"],
    "number",
    "Rounded to `digits` decimals, 0 when not given; halves away from zero.",
    "round(income / 1000, 1)",
  ),
  row("floor", ["x: number"], "number", "The largest whole number not above x.", "floor(age / 10)"),
  row("ceil", ["x: number"], "number", "The smallest whole number not below x.", "ceil(duration)"),
  row("sqrt", ["x: number"], "number", "The square root; missing for negative numbers.", "sqrt(area)"),
  row("ln", ["x: number"], "number", "The natural logarithm; missing for zero and below.", "ln(income)"),
  row(
    "log10",
    ["x: number"],
    "number",
    "The decimal logarithm; missing for zero and below.",
    "log10(income)",
  ),
  row("exp", ["x: number"], "number", "e to the power of x.", "exp(score)"),
  row(
    "pow",
    ["x: number", "y: number"],
    "number",
    "x to the power of y; missing where that is no real number.",
    "pow(width, 2)",
  ),
  row(
    "min",
    ["a: number", "b: number"],
    "number",
    "The smallest of its arguments.",
    "min(asked, granted)",
    true,
  ),
  row("max", ["a: number", "b: number"], "number", "The largest of its arguments.", "max(income, 0)", true),
  row(
    "clip",
    ["x: number", "low: number", "high: number"],
    "number",
    "x, held between low and high.",
    "clip(age, 18, 99)",
  ),
  row(
    "coalesce",
    ["a: any", "b: any"],
    "any",
    "The first argument that is not missing.",
    "coalesce(phone, mobile)",
    true,
  ),
  row(
    "is_missing",
    ["x: any"],
    "boolean",
    "Whether x is missing; never missing itself.",
    "is_missing(income)",
  ),
  row("lower", ["text: text"], "text", "In lower case (Unicode).", "lower(city)"),
  row("upper", ["text: text"], "text", "In upper case (Unicode).", "upper(code)"),
  row("trim", ["text: text"], "text", "Without white space at both ends.", "trim(name)"),
  counting(
    row("length", ["text: text"], "number", "How many characters (code points).", "length(message)"),
    "characters",
  ),
  row(
    "contains",
    ["text: text", "part: text"],
    "boolean",
    "Whether `part` stands anywhere in the text.",
    'contains(message, "urgent")',
  ),
  row(
    "starts_with",
    ["text: text", "part: text"],
    "boolean",
    "Whether the text begins with `part`.",
    'starts_with(code, "DE")',
  ),
  row(
    "ends_with",
    ["text: text", "part: text"],
    "boolean",
    "Whether the text ends with `part`.",
    'ends_with(email, ".edu")',
  ),
  row(
    "concat",
    ["a: any", "b: any"],
    "text",
    "The arguments written one after the other.",
    'concat(city, ", ", country)',
    true,
  ),
  counting(row("year", ["at: time"], "number", "The year.", "year(opened)"), "years"),
  counting(
    row("month", ["at: time"], "number", "The month, 1 to 12.", "month(opened)"),
    "months of the year",
  ),
  counting(
    row("day", ["at: time"], "number", "The day of the month, 1 to 31.", "day(opened)"),
    "days of the month",
  ),
  counting(
    row(
      "weekday",
      ["at: time"],
      "number",
      "The day of the week, 1 (Monday) to 7 (ISO 8601).",
      "weekday(opened)",
    ),
    "days of the week",
  ),
  counting(
    row("hour", ["at: time"], "number", "The hour, 0 to 23, UTC.", "hour(paid_at)"),
    "hours of the day",
  ),
  counting(
    row(
      "days_between",
      ["from: time", "to: time"],
      "number",
      "Days from the first moment to the second, with fractions; negative when the second is earlier.",
      "days_between(opened, closed)",
    ),
    "days",
    86400,
  ),
  row(
    "number",
    ["x: any"],
    "number",
    "x as a number; missing when it is none. true is 1, false is 0.",
    "number(code)",
  ),
  row("text", ["x: any"], "text", "x as text.", "text(year)"),
];
