/** A spec as `mlops check` and `mlops run` see it, compared. */
import { checkQueries } from "../../../cli/check-queries.ts";
import type { Program } from "../../../language/ir/program.ts";
import { compileText } from "../spec.ts";
import type { Bench, Refusal } from "./carry-out.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Spec } from "./generate.ts";

/** What `mlops check` says of a text, and its program when it says no error. */
export async function checked(text: string): Promise<{ program: Program | null; errors: readonly string[] }> {
  const { program, diagnostics } = compileText(text);
  const found = [...diagnostics, ...(await checkQueries(program, ".", () => null))];
  const errors = found
    .filter(({ severity }) => severity === "error")
    .map(({ code, message }) => `${code} ${message}`);
  return { program: errors.length > 0 ? null : program, errors };
}

/**
 * Why a run refused a spec that `mlops check` accepts, where the rows are not the reason; null for a spec that check
 * rejects. The data of generated specs is clean, so that little of this should be left to it.
 */
export async function surprises({ text, files }: Spec, place: Bench): Promise<readonly Refusal[] | null> {
  const { program } = await checked(text);
  if (program === null) return null;
  const refused = await place.carryOut(program, files());
  return refused.filter(({ code }) => CLASSIFICATION[code]?.[0] !== "data");
}

/** Throws with the spec and what surprised. */
export async function assertNoSurprise(spec: Spec, place: Bench): Promise<boolean> {
  const found = await surprises(spec, place);
  if (found === null || found.length === 0) return found !== null;
  const said = found
    .map(({ code, declaration, said: message }) => `${code} ${declaration}: ${message}`)
    .join("\n");
  throw new Error(`mlops check accepts this spec, and a run refuses it:\n${said}\n\n${spec.text}`);
}
