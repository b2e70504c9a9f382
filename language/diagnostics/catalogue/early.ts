/** ML3040–ML3059, ML4080–ML4099: what would go wrong later, said before anything has run. */
import type { Catalogue } from "../entry.ts";

export const earlyDiagnostics = {
  ML3040: {
    severity: "warning",
    message: "Add `group = {entity}` to the split: rows of one `{entity}` would fall into several parts",
    help: "A model judged on customers that it was trained on looks better than it is.",
  },
  ML3041: {
    severity: "warning",
    message:
      "Take `{attribute} = {column}` out of the split, or name whom several rows share: every `{column}` stands once",
  },
  ML3042: {
    severity: "warning",
    message: "Stratify by a column of few values, not `{column}`, which is {what}",
    help: "Stratifying keeps each value's share equal in every part; values that hardly repeat have no share to keep.",
  },
  ML3043: {
    severity: "warning",
    message: "Give the part `{part}` a share above 0%, or take it out: no row falls into it",
  },
  ML3044: {
    severity: "error",
    message: "Judge {model} on rows that do not come from `{part}`: it was {used} on them",
    help: "A query does not make rows new: a score on them says nothing about rows that the model has not seen.",
  },
  ML3045: {
    severity: "warning",
    message:
      "Let {what} read one part of `{rows}`, such as `{example}`: the rows {model} was {used} on are among all of them",
  },
  ML3046: {
    severity: "error",
    message: "Name `{name}` once in `from`: its parts would be two tables of one name",
    help: "A query that needs both reads two datasets: give each part a query of its own, or read `{name}` whole.",
  },
  ML3047: {
    severity: "warning",
    message:
      "Take `{column}` out of `{attribute}`: it is the {role}, and a model would learn the rows by name",
    help: "What such a column tells about rows seen, it does not tell about new ones.",
  },
  ML3048: {
    severity: "warning",
    message:
      "Train on another part than `{part}`, such as `{name}.{other}`: a {last} part is kept for judging",
  },
  ML3049: {
    severity: "warning",
    message: "Take `{column}` out, or compute it from another column: it is the {role} `{from}` again",
    help: "A model that sees what names the rows learns them by heart.",
  },
  ML3050: {
    severity: "error",
    message: "Lower or raise `{bound}` in `{rule}`, which never holds: {metric} lies {range}{near}",
  },
  ML3051: {
    severity: "warning",
    message: "Choose a bound that can fail: `{rule}` always holds, because {metric} lies {range}",
  },
  ML3052: {
    severity: "warning",
    message: "Write `{right}`: {metric} is better when it is {better}, and `{rule}` asks for worse",
  },
  ML3053: {
    severity: "error",
    message: "Change `{rule}` or `{other}`: no value of {metric} meets both",
  },
  ML3054: {
    severity: "warning",
    message: "Take one of the two out: `{rule}` stands twice",
  },
  ML3055: {
    severity: "error",
    message: "Compare `{column}` with a value that it has, not {value}{near}",
    help: "Its schema allows {known}.",
  },
  ML3056: {
    severity: "error",
    message: "Write {right} instead of `{text}`: {why}",
  },
  ML3057: {
    severity: "warning",
    message: "Impute {columns}: {may} be missing, and {model} cannot read a missing number",
    help: "Add `impute { {example} = median }` to the features, take `nullable` out of the schema, or use trees, which read missing values as they are.",
  },
  ML3058: {
    severity: "error",
    message: "Name at least one metric in {what}: without one it judges nothing",
  },
  ML3059: {
    severity: "warning",
    message: "Write `{use}` instead of `{word}`: the old name is read until {until}",
  },
  ML4080: {
    severity: "error",
    message: "Declare `{column}` as {fits}, or change the query: it gives {type}, which is no {declared}",
  },
  ML4081: {
    severity: "warning",
    message: "Take `{column}` out of the query: it is computed from `{label}`, which is to be predicted",
    help: "When the model serves, `{label}` is not known yet.",
  },
  ML4082: {
    severity: "warning",
    message: "Check whether `{column}` is known before `{target}`: alone it tells {tells}",
    help: "A column that gives the answer away is often a copy of it, or written down after it. If it is, take it out with `drop`.",
  },
  ML4083: {
    severity: "error",
    message: "Split at a date or timestamp instead of `{column}`, which is `{type}`: {problem}",
  },
  ML4084: {
    severity: "error",
    message: 'Choose another output: {other} writes "{path}" too, and one would overwrite the other',
  },
} as const satisfies Catalogue;
