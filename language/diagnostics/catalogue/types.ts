/** ML2014–ML2019, ML2021, ML2027–ML2037: values of the wrong type, or written in the wrong form. */
import type { Catalogue } from "../entry.ts";

export const typesDiagnostics = {
  ML2014: { severity: "error", message: "`{attribute}` takes {expected}; {found} stands here" },
  ML2015: { severity: "error", message: "No unit is called `{unit}`{near}", help: "The units are {known}." },
  ML2016: { severity: "error", message: "`{attribute}` {problem}" },
  ML2017: {
    severity: "error",
    message: "Write `{word}` without quotes in `{attribute}`: it is a word of the language",
  },
  ML2018: { severity: "error", message: "`{attribute}` takes no `{word}`{near}", help: "It takes {known}." },
  ML2019: {
    severity: "error",
    message:
      "Write the column `{column}` without quotes in `{attribute}`; one with spaces stands in backticks",
  },
  ML2021: { severity: "error", message: "Correct the call of `{of}`: it {problem}" },
  ML2027: { severity: "error", message: "Correct the constraint `{word}`: it {problem}" },
  ML2028: { severity: "error", message: "Take out or rename {what}: {where} has it already" },
  ML2029: { severity: "error", message: "{item} does not belong in {where}: {wanted}" },
  ML2030: { severity: "error", message: "Give `{attribute}` a value: {expected}" },
  ML2031: { severity: "error", message: "Write `{attribute} = {value}`: an attribute takes an equals sign" },
  ML2034: {
    severity: "error",
    message: "Write no secret into the spec: `{attribute}` takes a name declared with `secret NAME`",
    help: "The value is read from the environment variable of that name when it is needed, and is kept nowhere.",
  },
  ML2035: {
    severity: "error",
    message: "Write a condition: `{attribute}` must be true or false, and this is {type}",
  },
  ML2036: { severity: "error", message: "{of} {wanted}{found}" },
  ML2037: {
    severity: "error",
    message: "`{form}` does not fit `{column}`, which is `{type}`: it is for {fits}.{others}",
  },
} as const satisfies Catalogue;
