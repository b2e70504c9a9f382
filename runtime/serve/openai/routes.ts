/** The routes under `/v1` of every deployment that speaks OpenAI's protocol on one address. */
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import { readJsonBodies } from "../body.ts";
import { type OnBug, refusalOf } from "../guard.ts";
import type { ServingMetrics } from "../metrics.ts";
import { RequestRefused } from "../problem.ts";
import { type TokenCheck, tokenCheck } from "../token.ts";
import { chat } from "./chat.ts";
import { type Answer, complete } from "./completions.ts";
import { embed } from "./embeddings.ts";
import { BASE_PATH } from "./manifest.ts";
import { modelNamed, SESSION } from "./parameters.ts";
import { OpenAiRefused, refuseOpenAi, wrong } from "./refusal.ts";
import type { Caller, LanguageServing } from "./serving.ts";
import { begun, sendEvents } from "./stream.ts";

/** A deployment with what guards it. */
export interface GuardedLanguage {
  readonly serving: LanguageServing;
  /** The bearer token's value; null asks for none. */
  readonly token: string | null;
  /** Counts an address's requests and refuses what is too many; null without a limit. */
  readonly limiter: onRequestAsyncHookHandler | null;
}

export interface LanguageRoutes {
  readonly languages: readonly GuardedLanguage[];
  readonly metrics: ServingMetrics;
  readonly onBug: OnBug;
  /** Unix seconds at which the server began: the models' `created`. */
  readonly created: number;
}

interface Guarded extends GuardedLanguage {
  /** True for everybody where no token is asked for. */
  readonly opens: TokenCheck;
}

export function languageRoutes(app: FastifyInstance, routes: LanguageRoutes): void {
  const { metrics, onBug, created } = routes;
  const languages = routes.languages.map(
    (one): Guarded => ({ ...one, opens: one.token === null ? () => true : tokenCheck(one.token) }),
  );
  const only = languages.length === 1 ? languages[0] : undefined;
  const largest = Math.max(...languages.map(({ serving }) => serving.manifest.limits.body));
  const asked = new WeakMap<FastifyRequest, Guarded>();
  app.register(
    async (scope) => {
      readJsonBodies(scope);
      if (only?.limiter != null) scope.addHook("onRequest", only.limiter);
      // After the limiter, so that guessing tokens is limited too; before a body is read.
      scope.addHook("preParsing", async (request) => {
        if (!languages.some(({ opens }) => opens(request.headers.authorization))) throw unauthorized();
      });
      scope.addHook("onResponse", async (request, reply) => {
        const one = asked.get(request) ?? only;
        if (one !== undefined) metrics.record(one.serving.served, reply.statusCode, reply.elapsedTime / 1000);
      });
      scope.setErrorHandler((error, request, reply) => {
        const one = asked.get(request) ?? only;
        refuseOpenAi(
          reply,
          openAiRefusal(error as Error, request, one?.serving.manifest.limits.body ?? largest, onBug),
        );
      });
      scope.setNotFoundHandler((request, reply) =>
        refuseOpenAi(
          reply,
          new OpenAiRefused(404, `Unknown request URL: ${request.method} ${request.url.split("?", 1)[0]}.`, {
            code: "unknown_url",
          }),
        ),
      );

      const named = (name: string, request: FastifyRequest): Guarded => {
        const found = languages.find(({ serving }) => serving.manifest.name === name);
        // A model that the token does not open is as unknown as one that is not there.
        if (found?.opens(request.headers.authorization) === true) return found;
        throw new OpenAiRefused(
          404,
          `The model '${name.slice(0, 100)}' does not exist or you do not have access to it.`,
          {
            param: "model",
            code: "model_not_found",
          },
        );
      };
      const opened = (request: FastifyRequest) =>
        languages.filter(({ opens }) => opens(request.headers.authorization));
      scope.get("/models", (request) => ({
        object: "list",
        data: opened(request).map(({ serving }) => modelObject(serving, created)),
      }));
      scope.get<{ Params: { model: string } }>("/models/:model", (request) =>
        modelObject(named(request.params.model, request).serving, created),
      );

      const post = (
        path: string,
        generates: boolean,
        act: (one: Guarded, request: FastifyRequest, caller: Caller) => Answer | Promise<object>,
      ) =>
        scope.post(path, { bodyLimit: largest }, async (request, reply) => {
          const one = named(modelNamed(request.body), request);
          asked.set(request, one);
          if (only === undefined && one.limiter !== null) await one.limiter.call(scope, request, reply);
          assertTaken(one.serving, request, generates);
          const caller = callerOf(request, reply);
          const given = await act(one, request, caller);
          if (!("dropped" in given)) return given;
          // The conversation's beginning found no room in the context: said where no strict reader of bodies is disturbed.
          if (given.dropped > 0) reply.header("x-mlops-dropped-tokens", String(given.dropped));
          if ("document" in given) return given.document;
          return sendEvents(reply, await begun(given.events), caller.signal, onBug);
        });
      post("/completions", true, ({ serving }, request, caller) => complete(serving, request.body, caller));
      post("/chat/completions", true, ({ serving }, request, caller) =>
        chat(serving, request.body, caller, request.headers.authorization ?? ""),
      );
      post("/embeddings", false, ({ serving }, request, caller) => embed(serving, request.body, caller));
    },
    { prefix: BASE_PATH },
  );
}

const modelObject = ({ manifest }: LanguageServing, created: number) => ({
  id: manifest.name,
  object: "model",
  created,
  owned_by: manifest.release,
});

/** Refuses what this deployment takes less of than another on the address. */
function assertTaken(
  { manifest, generator }: LanguageServing,
  request: FastifyRequest,
  generates: boolean,
): void {
  const length = Number(request.headers["content-length"] ?? 0);
  if (length > manifest.limits.body) throw tooLarge(manifest.limits.body);
  if (generates && !generator.generates)
    throw wrong("model", `The model '${manifest.name}' makes embeddings only.`, "unsupported_model");
}

function callerOf(request: FastifyRequest, reply: FastifyReply): Caller {
  const gone = new AbortController();
  // Without a whole answer the client has hung up: nobody reads what would still be made.
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) gone.abort(new ClientGone());
  });
  const session = request.headers["x-session-id"];
  if (session !== undefined && (typeof session !== "string" || !SESSION.test(session)))
    throw wrong(null, "The header X-Session-Id takes 1 to 200 visible ASCII characters.");
  return { signal: gone.signal, session: session ?? null, elapsed: () => reply.elapsedTime / 1000 };
}

/** Ends the work on a request whose client has hung up; nobody is there to be told. */
class ClientGone extends Error {
  constructor() {
    super("The client has gone.");
    this.name = "ClientGone";
  }
}

const tooLarge = (limit: number): OpenAiRefused =>
  new OpenAiRefused(413, `The body is larger than ${limit} bytes.`, { headers: { connection: "close" } });

function unauthorized(): OpenAiRefused {
  return new OpenAiRefused(401, "Incorrect API key provided: send the deployment's token as the API key.", {
    code: "invalid_api_key",
    headers: { "www-authenticate": "Bearer" },
  });
}

/** 499 is nginx's word for it; it is only counted. */
const CLIENT_GONE = 499;

function openAiRefusal(
  error: Error,
  request: FastifyRequest,
  bodyLimit: number,
  onBug: OnBug,
): OpenAiRefused {
  if (error instanceof OpenAiRefused) return error;
  if (error instanceof ClientGone) return new OpenAiRefused(CLIENT_GONE, error.message);
  const refused =
    error instanceof RequestRefused
      ? error
      : refusalOf(error as Parameters<typeof refusalOf>[0], request, bodyLimit, onBug);
  return new OpenAiRefused(refused.status, refused.message, {
    headers: refused.headers,
    ...(refused.status === 429 ? { code: "rate_limit_exceeded" } : {}),
  });
}
