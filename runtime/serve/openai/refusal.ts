/** Refusals in the form in which OpenAI's clients expect them. */
import type { FastifyReply } from "fastify";

export interface RefusalParts {
  /** The member of the request that is meant, `messages[0].content`. */
  readonly param?: string | null;
  readonly code?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer with an error status: thrown while a request is read or carried out. */
export class OpenAiRefused extends Error {
  readonly status: number;
  readonly param: string | null;
  readonly code: string | null;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, message: string, { param, code, headers }: RefusalParts = {}) {
    super(message);
    this.name = "OpenAiRefused";
    this.status = status;
    this.param = param ?? null;
    this.code = code ?? null;
    this.headers = headers ?? {};
  }
}

/** 400 for one member of the request. */
export const wrong = (param: string | null, message: string, code: string | null = null): OpenAiRefused =>
  new OpenAiRefused(400, message, { param, code });

export interface OpenAiError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

export function errorBody({ status, message, param, code }: OpenAiRefused): OpenAiError {
  return { error: { message, type: typeOf(status), param, code } };
}

/** The words that OpenAI's own server uses. */
function typeOf(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

export function refuseOpenAi(reply: FastifyReply, refused: OpenAiRefused): void {
  reply
    .code(refused.status)
    .headers(refused.headers)
    .header("content-type", "application/json; charset=utf-8")
    .send(JSON.stringify(errorBody(refused)));
}
