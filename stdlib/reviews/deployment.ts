/** Where a deployment may answer. */
import type { Objection } from "../../language/vocabulary/kind.ts";
import type { Peers } from "../../language/vocabulary/peers.ts";
import type { Deployment } from "../kinds/deployment.ts";

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

/** Why a deployment cannot answer at a path; null when it can. */
export function pathProblem(path: string): string | null {
  if (!path.startsWith("/")) return "a route begins with a slash";
  if (!PLAIN.test(path)) return "a route has letters, digits and - _ . ~ between single slashes";
  if (TAKEN.includes(path)) return "the server answers there itself";
  if (path === "/v2" || path.startsWith("/v2/")) return "the Open Inference Protocol is spoken there";
  return path === "/deployments" || path.startsWith("/deployments/")
    ? "each deployment's MLflow route is there"
    : null;
}

interface Address {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** Whether two deployments would answer the same requests; port 0 is another port for each. */
export const sameRoute = (a: Address, b: Address): boolean =>
  a.port !== 0 && a.port === b.port && a.host === b.host && a.path === b.path;

export function reviewDeployment(props: Deployment, name: string, peers: Peers): Objection[] {
  const found: Objection[] = [];
  const why = pathProblem(props.path);
  if (why !== null) found.push({ code: "ML7003", values: { path: props.path, why }, pointer: "/path" });
  // The first that would answer there, when it is an earlier one.
  const twin = peers
    .of("deployment")
    .find(
      (peer) => !peer.broken && (peer.name === name || sameRoute(peer.props as unknown as Deployment, props)),
    );
  if (twin !== undefined && twin.name !== name) {
    const values = {
      first: `\`${twin.name}\``,
      second: `\`${name}\``,
      path: props.path,
      port: String(props.port),
    };
    found.push({ code: "ML7004", values, pointer: "/path" });
  }
  const wrong = (attribute: "body_limit" | "host", problem: string) =>
    void found.push({ code: "ML2016", values: { attribute, problem }, pointer: `/${attribute}` });
  if (!Number.isSafeInteger(props.body_limit) || props.body_limit < 1)
    wrong("body_limit", "must be a whole number of bytes, 1 at least");
  if (props.host.trim() === "") wrong("host", 'is empty: name an address, such as "127.0.0.1"');
  return found;
}
