/** Stopping without losing a request: what has begun is finished, what is new is refused, nothing waits for ever. */
import type { Server } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RequestRefused } from "./problem.ts";

export interface Drain {
  readonly draining: boolean;
  /**
   * Refuses new requests with 503 and `Connection: close`, waits for the open ones, then closes the listener.
   * @param seconds how long open requests may still take; then their connections are cut
   * @returns how many requests were cut
   */
  stop(seconds: number): Promise<number>;
}

/** Writes a refusal in the form that the route's clients read. */
export type Refuse = (request: FastifyRequest, reply: FastifyReply, refused: RequestRefused) => void;

/** Call before routes are added. */
export function drainable(app: FastifyInstance, refuse: Refuse): Drain {
  let draining = false;
  let open = 0;
  let idle: (() => void) | null = null;
  // On the bare server: Fastify's hooks would not see a request whose body never arrives.
  (app.server as Server).on("request", (_request, response) => {
    open++;
    response.once("close", () => {
      open--;
      if (open === 0) idle?.();
    });
  });
  app.addHook("onRequest", (request, reply, done) => {
    if (!draining) return done();
    refuse(
      request,
      reply,
      new RequestRefused(503, "The server is stopping; send the request elsewhere.", null, {
        connection: "close",
      }),
    );
  });
  return {
    get draining() {
      return draining;
    },
    async stop(seconds) {
      draining = true;
      if (open > 0) {
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([
          new Promise<void>((resolve) => {
            idle = resolve;
          }),
          new Promise<void>((resolve) => {
            timer = setTimeout(resolve, seconds * 1000);
          }),
        ]);
        clearTimeout(timer);
      }
      const cut = open;
      if (cut > 0) app.server.closeAllConnections();
      await app.close();
      return cut;
    },
  };
}
