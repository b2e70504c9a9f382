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
    message: "Write what `{path}` declares into this file: imports are not read yet",
  },
  ML2046: { severity: "error", message: "Give the {kind} a name: `{kind} name …`" },
  ML2047: {
    severity: "error",
    message: "`--set {name}` sets nothing: no parameter has this name{near}",
    help: "The parameters are {known}.",
  },
  ML2048: { severity: "error", message: "Name a file that exists: `{path}` cannot be read" },
} as const satisfies Catalogue;
