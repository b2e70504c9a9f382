/** On which rows a model's behaviour is tried. */
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { Reference } from "../../language/vocabulary/types.ts";
import type { Test } from "../../stdlib/kinds/test.ts";
import { declarationOf } from "./context.ts";

/** Those that the test names, else those of the first evaluation that judges the model, else those it learnt from. */
export function behaviourRows(program: Program, props: Test, model: Declaration): Reference {
  if (props.data !== undefined) return props.data;
  const judged = program.declarations.find(
    ({ kind, props: other }) =>
      kind === "evaluation" && (other["model"] as unknown as Reference).ref === model.id,
  );
  // References of accepted declarations, as their kinds' schemas have them.
  if (judged !== undefined) return judged.props["data"] as unknown as Reference;
  return unseenPart(program, model) ?? (model.props["data"] as unknown as Reference);
}

/** The last part of the split that the model neither learnt nor was tuned on. */
function unseenPart(program: Program, model: Declaration): Reference | null {
  const data = model.props["data"] as unknown as Reference;
  const tune = model.props["tune"] as unknown as Reference | undefined;
  const read = declarationOf(program, data.ref);
  const dataset =
    read.kind === "features"
      ? declarationOf(program, (read.props["from"] as unknown as Reference).ref)
      : read;
  const split = dataset.props["split"] as { readonly parts?: Readonly<Record<string, number>> } | undefined;
  const part = Object.keys(split?.parts ?? {}).findLast((name) => name !== data.part && name !== tune?.part);
  return part === undefined ? null : { ref: data.ref, part };
}
