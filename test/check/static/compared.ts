/** A spec as `mlops check` and `mlops run` see it, compared. */
import { checkQueries } from "../../../cli/check-queries.ts";
import { compile } from "../../../language/compile.ts";
import type { Program } from "../../../language/ir/program.ts";
import { vocabulary } from "../../../stdlib/vocabulary.ts";
import { textHost } from "../files.ts";
import type { Bench, Refusal } from "./carry-out.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Spec } from "./generate.ts";

type Written = Pick<Spec, "text"> & Partial<Spec>;

/** What `mlops check` says of a spec, and its program when it says no error. */
export async function checked(
  spec: Written,
): Promise<{ program: Program | null; errors: readonly string[] }> {
  const { text, specs = {}, environment = null } = spec;
  const files = textHost({ ...specs, "spec.mlops": text });
  const { program, diagnostics } = compile({ files, entry: "spec.mlops", vocabulary, environment });
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
export async function surprises(spec: Spec, place: Bench): Promise<readonly Refusal[] | null> {
  const { program } = await checked(spec);
  if (program === null) return null;
  const refused = await place.carryOut(program, spec.files());
  return refused.filter(({ code }) => CLASSIFICATION[code]?.[0] !== "data");
}

/** Throws with the spec and what surprised. */
export async function assertNoSurprise(spec: Spec, place: Bench): Promise<boolean> {
  const found = await surprises(spec, place);
  if (found === null || found.length === 0) return found !== null;
  const said = found
    .map(({ code, declaration, said: message }) => `${code} ${declaration}: ${message}`)
    .join("\n");
  throw new Error(`mlops check accepts this spec, and a run refuses it:\n${said}\n\n${wholeText(spec)}`);
}

/** All that is written, and which environment is chosen. */
export const wholeText = ({ text, specs, environment }: Spec): string =>
  [
    environment === null ? "" : `--environment ${environment}\n`,
    text,
    ...Object.entries(specs).map(([path, written]) => `--- ${path}\n${written}`),
  ].join("\n");
