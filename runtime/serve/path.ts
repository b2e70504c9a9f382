/** Which paths a deployment may answer at. */
import type { Declaration } from "../../language/ir/program.ts";
import { StepFailure } from "../execute/step.ts";

/** Answered by the server itself. */
const TAKEN = [
  "/docs",
  "/openapi.json",
  "/health",
  "/ready",
  "/ping",
  "/version",
  "/metrics",
  "/invocations",
];

/** Unreserved characters and a few more of RFC 3986; none that a router reads as a pattern. */
const PLAIN = /^(?:\/[A-Za-z0-9._~!$&'+,;=@-]+)+$/;

/** @throws StepFailure ML7003 */
export function assertPath(declaration: Declaration, path: string): void {
  const why = objection(path);
  if (why === null) return;
  throw new StepFailure({
    code: "ML7003",
    values: { path, why },
    declaration: declaration.id,
    pointer: "/path",
  });
}

function objection(path: string): string | null {
  if (!path.startsWith("/")) return "a route begins with a slash";
  if (!PLAIN.test(path)) return "a route has letters, digits and - _ . ~ between single slashes";
  if (TAKEN.includes(path)) return "the server answers there itself";
  if (path === "/v2" || path.startsWith("/v2/")) return "the Open Inference Protocol is spoken there";
  return path === "/deployments" || path.startsWith("/deployments/")
    ? "each deployment's MLflow route is there"
    : null;
}
