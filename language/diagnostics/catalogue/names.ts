/** ML2001–ML2013, ML2020–ML2026, ML2038–ML2047: names that mean nothing, or mean something else. */
import type { Catalogue } from "../entry.ts";

export const namesDiagnostics = {
  ML2001: { severity: "error", message: "No kind is called `{kind}`{near}", help: "The kinds are {known}." },
  ML2002: {
    severity: "error",
    message: "No {kind} is a `{variant}`{near}",
    help: "A {kind} is one of {known}.",
  },
  ML2003: {
    severity: "error",
    message: "Say which {kind}: `{kind} {name}: {example}`",
    help: "A {kind} is one of {known}.",
  },
  ML2004: { severity: "error", message: "Take out the word after the colon: a {kind} comes in one form" },
  ML2005: {
    severity: "error",
    message: "Rename or take out `{attribute}`: {what} has no such attribute{near}",
    help: "It has {known}.",
  },
  ML2006: { severity: "error", message: "Give `{attribute}` once: it is given twice" },
  ML2007: { severity: "error", message: "Give {what} {attribute}: {expected}" },
  ML2008: { severity: "error", message: "No {wanted} is called `{name}`{near}" },
  ML2009: { severity: "error", message: "Name a {wanted} in `{attribute}`: {found} stands here" },
  ML2010: { severity: "error", message: "{what} has no part `{part}`{near}", help: "It has {known}." },
  ML2011: {
    severity: "error",
    message: "Take out `.{part}`, or split the data: {what} has no parts",
    help: "`split(seed = 42) { train = 80%, test = 20% }` in the dataset makes parts.",
  },
  ML2012: {
    severity: "error",
    message: "Write `{name}` alone in `{attribute}`: `.{part}` does not belong here",
  },
  ML2013: { severity: "error", message: "Give one of them another name: `{name}` is already {other}" },
  ML2020: {
    severity: "error",
    message: "No column is called `{column}` in {where}{near}",
    help: "The columns are {known}.",
  },
  ML2022: {
    severity: "error",
    message: "No metric is called `{metric}`{near}",
    help: "The metrics are {known}.",
  },
  ML2023: {
    severity: "error",
    message: "`{of}` takes no argument `{argument}`{near}",
    help: "It takes {known}.",
  },
  ML2024: { severity: "error", message: "Take a reference out of the circle: {cycle}" },
  ML2025: {
    severity: "error",
    message: "No column type is called `{type}`{near}",
    help: "The types are {known}.",
  },
  ML2026: {
    severity: "error",
    message: "No constraint of a column is called `{word}`{near}",
    help: "The constraints are {known}.",
  },
  ML2032: { severity: "error", message: "Say which metric: `{name}.accuracy`" },
  ML2033: { severity: "error", message: "Rename {what} `{name}`: {other} has this name already" },
  ML2038: {
    severity: "error",
    message: "No function is called `{function}`{near}",
    help: "The functions are {known}.",
  },
  ML2039: { severity: "error", message: "Use another function here: `{function}` is for {where}" },
  ML2040: { severity: "error", message: "Compare another metric: `{metric}` is no single number" },
  ML2041: {
    severity: "error",
    message: "Give the parameter `{name}` a type that exists{near}",
    help: "The types are {known}.",
  },
  ML2042: {
    severity: "error",
    message: "Give the parameter `{name}` a value: `--set {name}=…`, or a default here",
  },
  ML2043: {
    severity: "error",
    message: "`--set {name}={value}` needs another value: `{name}` takes {expected}",
  },
  ML2044: { severity: "error", message: "Write `mlops 1`: this is the only edition of the language" },
  ML2045: {
    severity: "error",
    message: "Begin `{path}` with `./`, `../` or `std/`: an import names a file by the way to it",
  },
  ML2046: { severity: "error", message: "Give the {kind} a name: `{kind} name …`" },
  ML2047: {
    severity: "error",
    message: "Give `--set` the name of a parameter: `{name}` is none{near}",
    help: "As parameters the spec has {known}.",
  },
  ML2048: { severity: "error", message: "Name a file that exists: `{path}` cannot be read" },
  ML2049: {
    severity: "error",
    message:
      "Give the parameter `{name}` a value's type: a `{type}` can be given to a template, not on the command line",
    help: "`int`, `float`, `ratio`, `duration`, `size`, `string`, `text` and `boolean` are types of values.",
  },
  ML2050: { severity: "error", message: "Give the constant `{name}` a value: `const {name} = …`" },
  ML2051: { severity: "error", message: "Give the template `{name}` a body: `template {name} { … }`" },
  ML2052: { severity: "error", message: "Give the parameter `{parameter}` a type: `{parameter}: int`" },
  ML2053: {
    severity: "error",
    message: "Take this import out: `{path}` imports this file, directly or not",
    help: "Move what both need into a third file.",
  },
  ML2054: { severity: "error", message: 'Say what to take from `{path}`: `import "{path}" { {some} }`' },
  ML2055: {
    severity: "error",
    message: "No library is called `{path}`{near}",
    help: "`std/gates`, `std/pipelines` and `std/transformers` come with the language.",
  },
  ML2056: { severity: "error", message: "Import a file that exists: `{path}` cannot be read{near}" },
  ML2057: { severity: "error", message: "`{path}` has no `{name}`{near}", help: "It has {known}." },
  ML2058: {
    severity: "error",
    message: "Take this use of `{name}` out: nothing may use itself, directly or not",
  },
  ML2059: {
    severity: "error",
    message: "Make this spec smaller: it has more than {most} uses, one inside the other",
  },
  ML2060: {
    severity: "error",
    message: "Write `{kind} {name} { … }`, or name a {kind} with parameters and give it arguments",
  },
  ML2061: { severity: "error", message: "Give `{name}` its arguments: `{written}`" },
  ML2062: { severity: "error", message: "{what} has no `{name}`{near}", help: "It has {known}." },
  ML2063: {
    severity: "error",
    message: "Give `--environment` the name of an environment: `{name}` is none{near}",
    help: "As environments the spec has {known}.",
  },
  ML2064: {
    severity: "error",
    message: "Give `{attribute}` one value for every environment: in {what} only {may} may differ",
  },
  ML2065: { severity: "error", message: "Say of which declaration: `api.{name} = …`" },
} as const satisfies Catalogue;
