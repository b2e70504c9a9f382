/** Which registered name and alias a gate's `champion` means; light, because planning asks. */
import type { IrExpression } from "../../../language/ir/expression.ts";
import type { Program } from "../../../language/ir/program.ts";
import type { Gate } from "../../../stdlib/kinds/gate.ts";
import type { Release } from "../../../stdlib/kinds/release.ts";
import { termsOf } from "./terms.ts";

export interface ReleaseOfGate {
  readonly name: string;
  readonly alias: string;
  /** Id of the model that it releases: the candidate. */
  readonly model: string;
}

/** The releases that wait for a gate. */
export function releasesOf(program: Program, gate: string): ReleaseOfGate[] {
  return program.declarations.flatMap((one) => {
    if (one.kind !== "release") return [];
    // A release's props are what stdlib's schema of the kind accepted.
    const props = one.props as unknown as Release;
    return props.gate.ref === gate
      ? [{ name: one.external ?? one.name, alias: props.alias, model: props.model.ref }]
      : [];
  });
}

/** Whether any rule of a gate compares with the champion. */
export function readsChampion(gate: Gate): boolean {
  const conditions: IrExpression[] = gate.require.map((rule) => rule.condition);
  return conditions.flatMap(termsOf).some((term) => term.of.is === "champion");
}
