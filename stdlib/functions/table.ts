import type { FunctionSpec } from "../../language/vocabulary/kind.ts";

const column = [{ name: "column", type: "column" }] as const;

/** Functions of all rows, for `expect`. Missing values are left out unless said otherwise. */
export const tableFunctions: readonly FunctionSpec[] = [
  {
    name: "rows",
    doc: "How many rows there are.",
    scope: "table",
    parameters: [],
    result: "number",
    example: "rows >= 500",
  },
  {
    name: "nulls",
    doc: "The share of rows in which the column is missing.",
    scope: "table",
    parameters: column,
    result: "number",
    example: "nulls(income) <= 5%",
  },
  {
    name: "unique",
    doc: "Whether no value stands twice; missing values are not compared.",
    scope: "table",
    parameters: column,
    result: "boolean",
    example: "unique(id)",
  },
  {
    name: "distinct",
    doc: "How many different values there are.",
    scope: "table",
    parameters: column,
    result: "number",
    example: "distinct(country) <= 200",
  },
  {
    name: "min",
    doc: "The smallest value.",
    scope: "table",
    parameters: column,
    result: "any",
    example: "min(age) >= 18",
  },
  {
    name: "max",
    doc: "The largest value.",
    scope: "table",
    parameters: column,
    result: "any",
    example: "max(share) <= 1",
  },
  {
    name: "mean",
    doc: "The arithmetic mean.",
    scope: "table",
    parameters: column,
    result: "number",
    example: "mean(income) > 1000",
  },
  {
    name: "median",
    doc: "The middle value; between two, their mean.",
    scope: "table",
    parameters: column,
    result: "number",
    example: "median(income) > 1000",
  },
  {
    name: "sum",
    doc: "The sum.",
    scope: "table",
    parameters: column,
    result: "number",
    example: "sum(amount) > 0",
  },
  {
    name: "share",
    doc: "The share of rows in which the condition holds; where it is missing it does not.",
    scope: "table",
    parameters: [{ name: "condition", type: "boolean" }],
    result: "number",
    example: "share(income > 0) >= 99%",
  },
  {
    name: "matches",
    doc: "Whether every value matches the whole pattern (RE2).",
    scope: "table",
    parameters: [
      { name: "column", type: "column" },
      { name: "pattern", type: "text" },
    ],
    result: "boolean",
    example: 'matches(code, "[A-Z]{2}[0-9]+")',
  },
];
