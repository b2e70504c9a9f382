/** Patterns that functions are given can match something. */
import { patternProblem } from "../pattern.ts";
import { bareName } from "../symbols.ts";
import type { Rule } from "./rule.ts";
import { callsOf } from "./written.ts";

export const patternsAreWhole: Rule = (context) => {
  const places = new Map<string, number>();
  for (const spec of Object.values(context.vocabulary.functions)) {
    const place = spec.parameters.findIndex((parameter) => parameter.name === "pattern");
    if (place >= 0) places.set(spec.name, place);
  }
  for (const { symbol } of context.drafts) {
    for (const expression of callsOf(symbol.phrase)) {
      const name = bareName(expression.callee)?.text ?? "";
      const place = places.get(name);
      const given =
        place === undefined
          ? undefined
          : (expression.arguments.find((argument) => argument.name?.text === "pattern") ??
            expression.arguments[place]);
      if (given?.value?.kind !== "string") continue;
      const problem = patternProblem(given.value.value);
      if (problem === null) continue;
      const values = { of: name, problem: `has a pattern that ${problem}` };
      context.reportAt("ML2021", values, symbol.source, given.value.span);
    }
  }
};
