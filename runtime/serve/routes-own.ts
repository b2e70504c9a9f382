/** The deployment's own route: one object, an array of objects, or `{rows: [...]}`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Guard } from "./guard.ts";
import { RequestRefused } from "./problem.ts";
import type { Serving } from "./serving.ts";

const JSON_TYPE = "application/json; charset=utf-8";

export function ownRoute(app: FastifyInstance, serving: Serving, guard: Guard): void {
  app.post(serving.manifest.path, guard.options("own"), (request: FastifyRequest, reply: FastifyReply) => {
    reply.header("content-type", JSON_TYPE).send(answer(serving, request.body, wantsRaw(request.query)));
  });
}

function answer(serving: Serving, body: unknown, withRaw: boolean): string {
  if (Array.isArray(body)) return serving.answerMany(body, withRaw);
  if (body === undefined || body === null) {
    throw new RequestRefused(
      400,
      "The body is empty; expected an object with a field for each column, or an array of them.",
    );
  }
  const rows = (body as { readonly rows?: unknown }).rows;
  // A column named `rows` holds no array, so that this cannot be one row.
  if (Array.isArray(rows) && Object.keys(body).length === 1) return serving.answerMany(rows, withRaw);
  return serving.answerOne(body, withRaw);
}

/** `?raw=true`, `?raw=1` or `?raw`. */
function wantsRaw(query: unknown): boolean {
  const raw = (query as { readonly raw?: unknown }).raw;
  return raw === "" || raw === "true" || raw === "1";
}
