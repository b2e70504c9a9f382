/** The prediction server of one address: every deployment on it, with health, metrics and documentation. */
import rateLimit from "@fastify/rate-limit";
import fastify, { type FastifyInstance, type onRequestAsyncHookHandler } from "fastify";
import { readInferenceBodies, readJsonBodies } from "./body.ts";
import { drainable } from "./drain.ts";
import { guardOf, type OnBug, refusalOf, refuse } from "./guard.ts";
import { servingMetrics } from "./metrics.ts";
import { openApi } from "./openapi.ts";
import { docsPage } from "./page.ts";
import { RequestRefused } from "./problem.ts";
import { inferenceRoutes } from "./routes-inference.ts";
import { invocationsRoute } from "./routes-mlflow.ts";
import { ownRoute } from "./routes-own.ts";
import { compileServing, type ServedDeployment } from "./serving.ts";

export interface ServerOptions {
  /** Deployments with different paths. */
  readonly deployments: readonly ServedDeployment[];
  /** Of this program; shown by `/version` and `/v2`. */
  readonly version: string;
  /** Told of errors that are ours; the caller sees only that there was one. */
  readonly onBug?: OnBug;
}

/** A server that is not listening yet: `app.inject` answers requests without a socket. */
export interface PredictionServer {
  readonly app: FastifyInstance;
  /** See `Drain.stop`; seconds are the longest `drain` of the deployments when not given. */
  close(seconds?: number): Promise<number>;
}

export interface RunningServer extends PredictionServer {
  /** `http://127.0.0.1:8080` */
  readonly address: string;
}

/** A body that no route takes: paths outside the deployments have none. */
const SMALLEST_BODY = 1_000_000;

/** Builds the server. Its model evaluation is synchronous and on this thread: microseconds a row. */
export async function buildServer({
  deployments,
  version,
  onBug = () => {},
}: ServerOptions): Promise<PredictionServer> {
  const servings = deployments.map(compileServing);
  const metrics = servingMetrics(servings.map((serving) => serving.served));
  const app = fastify({
    logger: false,
    bodyLimit: SMALLEST_BODY,
    // A client that dribbles its request is cut off.
    requestTimeout: 60_000,
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
  });
  const drain = drainable(app);
  const isReady = () => !drain.draining;
  readJsonBodies(app);
  if (deployments.some(({ manifest }) => manifest.limits.rate !== null))
    await app.register(rateLimit, { global: false });

  const guards = new Map(
    servings.map((serving, at) => {
      const limiter = limiterOf(app, serving.manifest.limits.rate);
      return [serving, guardOf(serving, { token: deployments[at]!.token, limiter, metrics, onBug })] as const;
    }),
  );
  const only = servings.length === 1 ? servings[0] : undefined;
  for (const [serving, guard] of guards) {
    ownRoute(app, serving, guard);
    invocationsRoute(app, serving, guard, `/deployments/${encodeURIComponent(serving.manifest.name)}`);
    if (serving === only) invocationsRoute(app, serving, guard, "");
  }
  app.register(async (scope) => {
    readInferenceBodies(scope);
    inferenceRoutes(scope, servings, guards, { version, isReady });
  });
  operatorRoutes(app, { version, isReady, metrics });

  const manifests = servings.map((serving) => serving.manifest);
  const page = docsPage(manifests);
  const description = JSON.stringify(openApi(manifests));
  app.get("/openapi.json", (_request, reply) =>
    reply.header("content-type", "application/json; charset=utf-8").send(description),
  );
  app.get("/docs", (_request, reply) =>
    reply
      .header("content-type", "text/html; charset=utf-8")
      .header("content-security-policy", page.policy)
      .send(page.html),
  );
  strayRequests(
    app,
    manifests.map((manifest) => manifest.path),
    onBug,
  );
  const patience = Math.max(...manifests.map((manifest) => manifest.limits.drain));
  return { app, close: (seconds = patience) => drain.stop(seconds) };
}

/** One count for each address over all routes of a deployment. */
function limiterOf(app: FastifyInstance, max: number | null): onRequestAsyncHookHandler | null {
  if (max === null) return null;
  return app.rateLimit({
    max,
    timeWindow: 1000,
    errorResponseBuilder: () =>
      new RequestRefused(429, `At most ${max} requests a second are taken from one address.`),
  });
}

interface Operated {
  readonly version: string;
  readonly metrics: ReturnType<typeof servingMetrics>;
  isReady(): boolean;
}

function operatorRoutes(app: FastifyInstance, { version, metrics, isReady }: Operated): void {
  // MLflow's clients read a line end; people and probes read the status.
  const alive = () => "\n";
  app.get("/ping", alive);
  app.get("/health", alive);
  app.get("/version", () => version);
  app.get("/ready", (_request, reply) => reply.code(isReady() ? 200 : 503).send({ ready: isReady() }));
  app.get("/metrics", async (_request, reply) =>
    reply.header("content-type", metrics.contentType).send(await metrics.text()),
  );
}

/** Wrong paths, wrong methods, and errors outside the inference routes. */
function strayRequests(app: FastifyInstance, paths: readonly string[], onBug: OnBug): void {
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0]!.replace(/\/+$/, "");
    const refused = paths.includes(path)
      ? new RequestRefused(405, `${path} takes POST.`, null, { allow: "POST" })
      : new RequestRefused(
          404,
          `There is nothing here. Predictions are at ${paths.join(", ")}; /docs describes them.`,
        );
    refuse(reply, "own", refused);
  });
  app.setErrorHandler((error, request, reply) => {
    refuse(
      reply,
      "own",
      refusalOf(error as Error & { code: string; name: string }, request, SMALLEST_BODY, onBug),
    );
  });
}

/** Builds the server and listens; port 0 takes a free one. Throws the system's error when it cannot. */
export async function startServer(
  options: ServerOptions & { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  const server = await buildServer(options);
  try {
    const address = await server.app.listen({ host: options.host, port: options.port });
    return { ...server, address };
  } catch (error) {
    await server.app.close();
    throw error;
  }
}
