/** The prediction server of one address: every deployment on it, with health, metrics and documentation. */
import rateLimit from "@fastify/rate-limit";
import fastify, { type FastifyInstance, type onRequestAsyncHookHandler } from "fastify";
import { readInferenceBodies, readJsonBodies } from "./body.ts";
import { drainable } from "./drain.ts";
import { guardOf, type OnBug, refusalOf, refuse } from "./guard.ts";
import { servingMetrics } from "./metrics.ts";
import { BASE_PATH } from "./openai/manifest.ts";
import { languageMetrics } from "./openai/metrics.ts";
import { OpenAiRefused, refuseOpenAi } from "./openai/refusal.ts";
import { languageRoutes } from "./openai/routes.ts";
import { LanguageServing, type ServedLanguage, servedOf } from "./openai/serving.ts";
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
  /** Language models, with different names. Their generators are closed with the server. */
  readonly languages?: readonly ServedLanguage[];
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

/** Builds the server. Rows are evaluated synchronously and on this thread: microseconds each. */
export async function buildServer({
  deployments,
  languages = [],
  version,
  onBug = () => {},
}: ServerOptions): Promise<PredictionServer> {
  const servings = deployments.map(compileServing);
  const metrics = servingMetrics([
    ...servings.map((serving) => serving.served),
    ...languages.map(({ manifest }) => servedOf(manifest)),
  ]);
  const app = fastify({
    logger: false,
    bodyLimit: SMALLEST_BODY,
    // A client that dribbles its request is cut off.
    requestTimeout: 60_000,
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
  });
  const drain = drainable(app, (request, reply, refused) => {
    if (!request.url.startsWith(`${BASE_PATH}/`)) return refuse(reply, "own", refused);
    refuseOpenAi(reply, new OpenAiRefused(refused.status, refused.message, { headers: refused.headers }));
  });
  const isReady = () => !drain.draining;
  readJsonBodies(app);
  if ([...deployments, ...languages].some(({ manifest }) => manifest.limits.rate !== null))
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
  if (languages.length > 0) {
    const loads = languages.map(({ manifest, generator }) => ({
      served: servedOf(manifest),
      load: () => generator.load,
    }));
    const ofLanguages = languageMetrics(metrics.registry, loads);
    languageRoutes(app, {
      languages: languages.map((one) => ({
        serving: new LanguageServing(one, ofLanguages),
        token: one.token,
        limiter: limiterOf(app, one.manifest.limits.rate),
      })),
      metrics,
      onBug,
      created: Math.floor(Date.now() / 1000),
    });
  }
  operatorRoutes(app, { version, isReady, metrics });

  const manifests = servings.map((serving) => serving.manifest);
  const ofLanguages = languages.map(({ manifest }) => manifest);
  const page = docsPage(manifests, ofLanguages);
  const description = JSON.stringify(openApi(manifests, ofLanguages));
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
    [...manifests.map((manifest) => manifest.path), ...(languages.length > 0 ? [BASE_PATH] : [])],
    onBug,
  );
  const patience = Math.max(...[...manifests, ...ofLanguages].map((manifest) => manifest.limits.drain));
  return {
    app,
    async close(seconds = patience) {
      const cut = await drain.stop(seconds);
      await Promise.all(languages.map(({ generator }) => generator.close()));
      return cut;
    },
  };
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
