/** Which steps a test needs the results of. */
import { reached } from "../../language/ir/order.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { Test } from "../../stdlib/kinds/test.ts";
import { behaviourRows } from "./behaviour-rows.ts";
import { declarationOf } from "./context.ts";
import { readsFitted } from "./features.ts";

/** Ids, all that they refer to among them; none for what can be told from the spec alone. */
export function needsOf(program: Program, test: Declaration): Set<string> {
  const refs = new Map(program.declarations.map((declaration) => [declaration.id, declaration.refs]));
  return reached(directNeeds(program, test), (id) => refs.get(id) ?? []);
}

function directNeeds(program: Program, test: Declaration): string[] {
  const props = test.props as unknown as Test; // the checker accepted it as such
  if (props.subject === undefined) return [];
  const subject = declarationOf(program, props.subject.ref);
  if (subject.kind === "features") return readsFitted(props, subject) ? [subject.id] : [];
  if (subject.kind !== "model") return [];
  const behaves = [props.invariant, props.rises, props.falls].some((rules) => rules !== undefined);
  return behaves ? [subject.id, behaviourRows(program, props, subject).ref] : [subject.id];
}
