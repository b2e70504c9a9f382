/** What operators see: health, metrics, documentation, and a stop that loses no request. Real sockets where they matter. */
import { request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { buildServer, type RunningServer, startServer } from "../../runtime/serve/server.ts";
import type { ServedDeployment } from "../../runtime/serve/serving.ts";
import { binaryModel, deployed, goodRow, multiclassModel } from "./model.ts";

const running: { close(seconds?: number): Promise<number> }[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close(0);
});

async function started(
  ...deployments: ServedDeployment[]
): Promise<RunningServer & { readonly port: number }> {
  const server = await startServer({ deployments, version: "1.2.3", host: "127.0.0.1", port: 0 });
  running.push(server);
  return { ...server, port: Number(new URL(server.address).port) };
}

async function built(...deployments: ServedDeployment[]) {
  const server = await buildServer({ deployments, version: "1.2.3" });
  running.push(server);
  return server.app;
}

/** Everything that a socket receives until it is closed. */
function received(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString();
  });
  return new Promise((resolve) => socket.on("close", () => resolve(text)));
}

const body = JSON.stringify(goodRow);
const head = `POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a stop", () => {
  it("answers what has begun, refuses what is new with 503, then closes", async () => {
    const server = await started(deployed());
    const begun = connect(server.port, "127.0.0.1");
    const late = connect(server.port, "127.0.0.1");
    const [begunText, lateText] = [received(begun), received(late)];
    begun.write(head + body.slice(0, 10));
    await pause(50);
    const stopping = server.close(10);
    late.write(head + body);
    const refusal = await lateText;
    expect(refusal).toMatch(/^HTTP\/1\.1 503 /);
    expect(refusal.toLowerCase()).toContain("connection: close");
    const fresh = await new Promise<number>((resolve, reject) => {
      httpRequest(`${server.address}/ready`, (answer) => resolve(answer.statusCode ?? 0))
        .on("error", reject)
        .end();
    });
    expect(fresh).toBe(503);
    begun.write(body.slice(10));
    expect(await begunText).toMatch(/^HTTP\/1\.1 200 [\s\S]*"label":"yes"/);
    expect(await stopping).toBe(0);
    await expect(fetch(`${server.address}/health`)).rejects.toThrow();
  });

  it("cuts what takes longer than drain, and says how many", async () => {
    const server = await started(deployed(binaryModel, { props: { drain: 0.1 } }));
    const stuck = connect(server.port, "127.0.0.1");
    const text = received(stuck);
    stuck.write(head + body.slice(0, 10));
    await pause(50);
    expect(await server.close()).toBe(1);
    expect(await text).toBe("");
  });

  it("does not wait for idle connections", async () => {
    const server = await started(deployed());
    const idle = connect(server.port, "127.0.0.1");
    const text = received(idle);
    idle.write(head + body);
    await pause(50);
    expect(await server.close(60)).toBe(0);
    expect(await text).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("/metrics", () => {
  it("counts each answer by model, version, variant and code, and times it", async () => {
    const app = await built(deployed());
    const post = (payload: string) =>
      app.inject({
        method: "POST",
        url: "/predict",
        headers: { "content-type": "application/json" },
        payload,
      });
    for (const payload of [body, body, "{", "{}"]) await post(payload);
    const { body: text, headers } = await app.inject({ url: "/metrics" });
    const labels = 'model="loan-approval",version="3",variant="champion"';
    expect(headers["content-type"]).toContain("text/plain");
    expect(text).toContain(`mlops_inference_requests_total{${labels},code="200"} 2`);
    expect(text).toContain(`mlops_inference_requests_total{${labels},code="400"} 1`);
    expect(text).toContain(`mlops_inference_requests_total{${labels},code="422"} 1`);
    expect(text).toContain(`mlops_inference_duration_seconds_count{${labels}} 4`);
    expect(text).toContain(`mlops_model_info{${labels}} 1`);
    expect(text).toMatch(/process_cpu_seconds_total [0-9.]+/);
  });
});

describe("the documentation", () => {
  it("describes every deployment in OpenAPI, with an example that the server answers", async () => {
    const app = await built(
      deployed(),
      deployed(multiclassModel, { name: "birds", props: { path: "/species" } }),
    );
    const document = (await app.inject({ url: "/openapi.json" })).json() as {
      readonly openapi: string;
      readonly paths: Record<
        string,
        {
          readonly post?: {
            readonly requestBody: { readonly content: Record<string, { readonly example?: object }> };
          };
        }
      >;
    };
    expect(document.openapi).toBe("3.1.0");
    for (const path of [
      "/predict",
      "/species",
      "/deployments/loans/invocations",
      "/deployments/birds/invocations",
    ]) {
      const example = document.paths[path]?.post?.requestBody.content["application/json"]?.example;
      const answer = await app.inject({ method: "POST", url: path, payload: example! });
      expect([path, answer.statusCode]).toEqual([path, 200]);
    }
  });

  it("is a page that loads nothing from elsewhere and runs only its own script", async () => {
    const strange = deployed(binaryModel, { name: "</script><script>alert(1)</script>" });
    const { body: html, headers } = await (await built(strange)).inject({ url: "/docs" });
    expect(html).not.toContain("<script>alert");
    expect(html.match(/<script>/g)).toHaveLength(1);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*script-src 'sha256-/);
  });
});

it("/ready, /health and unknown paths answer", async () => {
  const app = await built(deployed());
  expect((await app.inject({ url: "/ready" })).json()).toEqual({ ready: true });
  expect((await app.inject({ url: "/nothing" })).statusCode).toBe(404);
});
