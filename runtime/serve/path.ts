/** Which paths a deployment may answer at. */
import type { Declaration } from "../../language/ir/program.ts";
import { pathProblem } from "../../stdlib/reviews/deployment.ts";
import { StepFailure } from "../execute/step.ts";

/** @throws StepFailure ML7003 */
export function assertPath(declaration: Declaration, path: string): void {
  const why = pathProblem(path);
  if (why === null) return;
  throw new StepFailure({
    code: "ML7003",
    values: { path, why },
    declaration: declaration.id,
    pointer: "/path",
  });
}
