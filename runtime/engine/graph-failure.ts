/** What goes wrong with a tensor graph and is not the program's fault, as a finding. */
import { ShapeError } from "../graph/shape-error.ts";
import { LearnFailure } from "../learn/fit.ts";
import type { EngineName } from "./engines.ts";
import { EngineError } from "./graph-engine.ts";

/**
 * An error of the engine or of shapes as a `LearnFailure` (ML5210, ML5211); any other as it is.
 * @param asked the engine that the spec asks for: its attribute is then where the error stands
 */
export function graphFailure(error: unknown, asked: EngineName | "auto" = "auto"): unknown {
  if (error instanceof EngineError) {
    const at = asked === "auto" ? {} : { pointer: "/engine" };
    return new LearnFailure({ code: "ML5210", values: { reason: error.message }, ...at });
  }
  if (error instanceof ShapeError) {
    const layer = error.scope === "" ? error.op : error.scope;
    return new LearnFailure({ code: "ML5211", values: { layer, problem: `${error.op} ${error.problem}` } });
  }
  return error;
}
