/** What every inference route has in common: its limits, its token, its counts and the form of its errors. */
import type {
  FastifyError,
  FastifyReply,
  FastifyRequest,
  onRequestAsyncHookHandler,
  RouteShorthandOptions,
} from "fastify";
import { unexpectedType } from "./body.ts";
import type { ServingMetrics } from "./metrics.ts";
import { errorBody, type Problems, RequestRefused } from "./problem.ts";
import type { Serving } from "./serving.ts";
import { tokenCheck } from "./token.ts";

/** Whose error form a route speaks. */
export type Dialect = "own" | "mlflow" | "inference";

export interface Guard {
  /** Options of an inference route. */
  options(dialect: Dialect): RouteShorthandOptions;
}

/** Called with errors that are ours: their text is not sent to the caller. */
export type OnBug = (error: Error) => void;

export interface GuardParts {
  /** The bearer token's value; null asks for none. */
  readonly token: string | null;
  /** Counts an address's requests and refuses what is too many; null without a limit. */
  readonly limiter: onRequestAsyncHookHandler | null;
  readonly metrics: ServingMetrics;
  readonly onBug: OnBug;
}

export function guardOf(serving: Serving, { token, limiter, metrics, onBug }: GuardParts): Guard {
  const { limits } = serving.manifest;
  const check = token === null ? null : tokenCheck(token);
  return {
    options: (dialect) => ({
      bodyLimit: limits.body,
      ...(limiter === null ? {} : { onRequest: limiter }),
      // After the rate limit's onRequest, so that guessing tokens is limited too; before the body is read.
      ...(check === null
        ? {}
        : {
            preParsing: (request, _reply, payload, done) => {
              if (check(request.headers.authorization)) done(null, payload);
              else done(unauthorized());
            },
          }),
      onResponse: (_request, reply, done) => {
        metrics.record(serving.served, reply.statusCode, reply.elapsedTime / 1000);
        done();
      },
      errorHandler: (error: FastifyError | RequestRefused, request, reply) => {
        const refused = refusalOf(error, request, limits.body, onBug);
        refuse(reply, dialect, refused);
      },
    }),
  };
}

function unauthorized(): RequestRefused {
  return new RequestRefused(
    401,
    "Send the header `Authorization: Bearer …` with the deployment's token.",
    null,
    {
      "www-authenticate": "Bearer",
    },
  );
}

/** Turns whatever was thrown into what the caller is told. */
export function refusalOf(
  error: FastifyError | RequestRefused,
  request: FastifyRequest,
  bodyLimit: number,
  onBug: OnBug,
): RequestRefused {
  if (error instanceof RequestRefused) return error;
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return new RequestRefused(413, `The body is larger than ${bodyLimit} bytes.`, null, {
      connection: "close",
    });
  }
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return unexpectedType(request.headers["content-type"]);
  }
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) return new RequestRefused(status, error.message);
  onBug(error);
  return new RequestRefused(500, "The server failed; the request may be right.");
}

export function refuse(reply: FastifyReply, dialect: Dialect, refused: RequestRefused): void {
  const { status, message, problems, headers } = refused;
  reply.code(status).headers(headers).header("content-type", "application/json; charset=utf-8");
  reply.send(JSON.stringify(bodyIn(dialect, status, message, problems)));
}

function bodyIn(dialect: Dialect, status: number, message: string, problems: Problems | null): object {
  if (dialect === "own") return errorBody(status, message, problems);
  const listed = problems === null ? {} : { problems: problems.list };
  // MLflow: {"error_code", "message"}; Open Inference Protocol: {"error"}. Both ignore further members.
  if (dialect === "mlflow")
    return { error_code: status >= 500 ? "INTERNAL_ERROR" : "BAD_REQUEST", message, ...listed };
  return { error: message, ...listed };
}
