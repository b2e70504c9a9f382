/** Where a deployment may answer. */
import type { Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import type { Peers } from "../../language/vocabulary/peers.ts";
import type { Reference } from "../../language/vocabulary/types.ts";
import type { Deployment } from "../kinds/deployment.ts";

type Of = (reference: Reference) => Neighbour | null;

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
/** Of deployments with `protocol = openai`. */
const OPENAI_ROUTES = ["/v1/models", "/v1/completions", "/v1/chat/completions", "/v1/embeddings"];
/** Unreserved characters and a few more of RFC 3986; none that a router reads as a pattern. */
const PLAIN = /^(?:\/[A-Za-z0-9._~!$&'+,;=@-]+)+$/;

/** Why a deployment cannot answer at a path; null when it can. */
export function pathProblem(path: string): string | null {
  if (!path.startsWith("/")) return "a route begins with a slash";
  if (!PLAIN.test(path)) return "a route has letters, digits and - _ . ~ between single slashes";
  if (TAKEN.includes(path)) return "the server answers there itself";
  if (path === "/v2" || path.startsWith("/v2/")) return "the Open Inference Protocol is spoken there";
  if (OPENAI_ROUTES.includes(path)) return "OpenAI's API is spoken there";
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

/** The prefix under which OpenAI's clients ask. */
export const OPENAI_PATH = "/v1";

/** Where a deployment answers. */
export const addressOf = (props: Deployment): Address =>
  props.protocol === "openai" ? { ...props, path: OPENAI_PATH } : props;

/** What is served and how clients speak must fit: rows, or text. */
function reviewProtocol(props: Deployment, name: string, of: Of): Objection[] {
  const release = of(props.release);
  const model = release === null ? null : of(release.props["model"] as Reference); // every release has one
  if (model === null || (model.tasks !== null && model.tasks.length === 0)) return [];
  const isText = model.tasks?.some((task) => ["language", "sequence", "preference"].includes(task)) === true;
  if (isText && props.protocol === "http")
    return [{ code: "ML3146", values: { deployment: name, model: model.name }, pointer: "" }];
  if (isText || props.protocol === "http" || model.tasks === null) return [];
  return [{ code: "ML3147", values: { deployment: name, model: model.name }, pointer: "/protocol" }];
}

/** A checked answer needs a prompt that says what it is. */
function reviewResponse(props: Deployment, of: Of): Objection[] {
  if (props.response !== "json" || props.protocol !== "openai") return [];
  const prompt = props.prompt === undefined ? undefined : of(props.prompt);
  if (prompt === null) return [];
  const output = prompt?.props["output"] as readonly unknown[] | undefined;
  if (output !== undefined && output.length > 0) return [];
  const problem = "needs a `prompt` whose `output` names the members of the answer";
  return [{ code: "ML2016", values: { attribute: "response", problem }, pointer: "/response" }];
}

export function reviewDeployment(props: Deployment, name: string, of: Of, peers: Peers): Objection[] {
  const found: Objection[] = [...reviewProtocol(props, name, of), ...reviewResponse(props, of)];
  const why = pathProblem(props.path);
  if (why !== null) found.push({ code: "ML7003", values: { path: props.path, why }, pointer: "/path" });
  // The first that would answer there, when it is an earlier one.
  const twin = peers
    .of("deployment")
    .find(
      (peer) =>
        !peer.broken &&
        (peer.name === name || sameRoute(addressOf(peer.props as unknown as Deployment), addressOf(props))),
    );
  if (twin !== undefined && twin.name !== name) {
    const values = {
      first: `\`${twin.name}\``,
      second: `\`${name}\``,
      path: addressOf(props).path,
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
