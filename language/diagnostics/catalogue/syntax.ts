/** ML1xxx: how a file is written. */
import type { Catalogue } from "../entry.ts";

export const syntaxDiagnostics = {
  ML1001: {
    severity: "error",
    message: "remove `{text}`: no part of the language is written with it",
  },
  ML1002: {
    severity: "error",
    message: 'close this text with `"` on its own line',
    help: 'Text over several lines is written between `"""` and `"""`.',
  },
  ML1003: {
    severity: "error",
    message: 'close this text block with `"""`',
  },
  ML1004: {
    severity: "error",
    message: "close this name with a backtick on its own line",
  },
  ML1005: {
    severity: "error",
    message: "write `\\\\` for a backslash: `{text}` is no escape",
    help: 'The escapes are \\n, \\t, \\r, \\", \\\\ and \\u{...}. In a text block (""") a backslash is an ordinary character.',
  },
  ML1006: {
    severity: "error",
    message: "write the number `{text}` {how}",
  },
  ML1007: {
    severity: "error",
    message: "write `{instead}` instead of `{text}`",
  },
  ML1008: {
    severity: "error",
    message: "put a name between the backticks",
  },
  ML1101: {
    severity: "error",
    message: "write a value after `{after}`",
  },
  ML1102: {
    severity: "error",
    message: "remove `{text}`, or complete what it belongs to: {expected} is expected here",
  },
  ML1103: {
    severity: "error",
    message: "close `{opener}` with `{closer}`",
  },
  ML1104: {
    severity: "error",
    message: "remove `{text}`: it closes nothing",
  },
  ML1105: {
    severity: "error",
    message: "put a comma or a new line before `{text}`",
  },
  ML1106: {
    severity: "error",
    message: "write a name after `{after}`",
  },
  ML1107: {
    severity: "error",
    message: "write `{text}` in backticks: the bare word has a meaning of its own",
  },
  ML1108: {
    severity: "error",
    message: "join the two comparisons with `and`: `{text}` cannot follow another comparison",
  },
  ML1109: {
    severity: "warning",
    message: "write `//` instead of `///`: no declaration follows this doc comment",
  },
  ML1110: {
    severity: "error",
    message: "nest less deeply: more than {limit} levels stand inside each other here",
  },
  ML1111: {
    severity: "error",
    message: "keep one message: this phrase already has one",
  },
  ML1112: {
    severity: "error",
    message: "remove `{text}` and what follows: an attribute takes no clauses",
    help: "A condition goes into a function: `filter(rows, condition)`.",
  },
  ML1113: {
    severity: "error",
    message: "complete the condition: `if` needs `{missing}`",
    help: "The form is `if condition then value else value`.",
  },
  ML1114: {
    severity: "error",
    message: "put a name before `{text}`: nothing begins with this word",
  },
  ML1115: {
    severity: "error",
    message: 'name the file to import: `import "./file.mlops" { name }`',
  },
  ML1116: {
    severity: "error",
    message: "put `:` before `{text}`",
    help: "A declaration is written `kind name: variant { … }`.",
  },
  ML1117: {
    severity: "error",
    message: "write `==` to compare: `=` gives a value to an attribute",
  },
  ML1118: {
    severity: "error",
    message: "write `{opener}` before what `{closer}` closes",
  },
  ML1119: {
    severity: "error",
    message: "write `{text} { … }` without `=`: a block stands right behind its name",
  },
  ML1120: {
    severity: "error",
    message: "write `= value` behind the dotted name",
  },
  ML1121: {
    severity: "error",
    message: "write `{opener}` instead of `{closer}`: the lines below stand in this block",
  },
} as const satisfies Catalogue;
