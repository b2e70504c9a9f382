/** Which n-gram baselines gates compare an evaluation with; light, because planning asks. */
import type { Program } from "../../../language/ir/program.ts";
import type { Gate } from "../../../stdlib/kinds/gate.ts";
import { termsOf } from "../gate/terms.ts";
import { ngramOrder } from "./ngram.ts";

/** Names, `ngram(5)`, sorted, of the baselines in rules that are judged on the evaluation. */
export function ngramsAsked(program: Program, evaluation: string): string[] {
  const found = program.declarations.flatMap(({ kind, props, refs }) => {
    if (kind !== "gate" || !refs.includes(evaluation)) return [];
    // A gate's props are what stdlib's schema of the kind accepted.
    return (props as unknown as Gate).require.flatMap(({ condition }) => {
      const terms = termsOf(condition);
      const named = terms.flatMap((term) => term.evaluation ?? []);
      if (named.length > 0 && !named.includes(evaluation)) return [];
      return terms.flatMap(({ of }) =>
        of.is === "baseline" && ngramOrder(of.name) !== null ? [of.name] : [],
      );
    });
  });
  return [...new Set(found)].sort();
}
