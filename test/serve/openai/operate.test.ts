/** What guards and describes language models: parameters, tokens, limits, metrics, pages, and both kinds together. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { type PredictionServer, startServer } from "../../../runtime/serve/server.ts";
import { saying, toy } from "../../generate/toy.ts";
import { goodRow } from "../model.ts";
import { language, post, serverOf } from "./model.ts";

const servers: PredictionServer[] = [];
const made = async (...given: Parameters<typeof serverOf>) => {
  const server = await serverOf(...given);
  servers.push(server);
  return server;
};
afterAll(() => Promise.all(servers.map((server) => server.close(0))));

const completion = { model: "teller", prompt: "x", max_tokens: 2 };
const chat = { model: "teller", messages: [{ role: "user", content: "x" }], max_tokens: 2 };

describe("parameters", () => {
  it.each([
    ["/completions", { ...completion, promt: "y" }, "promt", "Unknown parameter: 'promt'."],
    ["/completions", { model: "teller" }, "prompt", "prompt"],
    ["/completions", { ...completion, prompt: 3 }, "prompt", "prompt"],
    ["/completions", { ...completion, prompt: [999] }, "prompt", "no token 999"],
    ["/completions", { ...completion, prompt: [[1], [999]] }, "prompt[1]", "no token 999"],
    ["/completions", { ...completion, temperature: 3 }, "temperature", "temperature"],
    ["/completions", { ...completion, top_p: 0 }, "top_p", "top_p"],
    ["/completions", { ...completion, max_tokens: 0 }, "max_tokens", "max_tokens"],
    ["/completions", { ...completion, prompt: "" }, "prompt", "empty"],
    ["/completions", { ...completion, logprobs: 3 }, "logprobs", "log probabilities are not given"],
    ["/completions", { ...completion, best_of: 3 }, "best_of", "use n"],
    ["/completions", { ...completion, suffix: "y" }, "suffix", "suffix"],
    ["/completions", { ...completion, presence_penalty: 1 }, "presence_penalty", "no penalties"],
    ["/completions", { ...completion, logit_bias: { 5: 1 } }, "logit_bias", "not biased"],
    [
      "/completions",
      { ...completion, stream_options: { extra: 1 } },
      "stream_options.extra",
      "Unknown parameter",
    ],
    ["/chat/completions", { ...chat, messages: [] }, "messages", "messages"],
    ["/chat/completions", { ...chat, messages: [{ role: "user" }] }, "messages[0].content", "content"],
    ["/chat/completions", { ...chat, messages: [{ role: "cat", content: "" }] }, "messages[0].role", "role"],
    [
      "/chat/completions",
      { ...chat, messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "" } }] }] },
      "messages[0].content[0].type",
      "text",
    ],
    [
      "/chat/completions",
      { ...chat, messages: [{ role: "assistant", content: "x" }] },
      "messages",
      "last message",
    ],
    ["/chat/completions", { ...chat, tools: [{ type: "function" }] }, "tools", "no tools"],
    ["/chat/completions", { ...chat, logprobs: true }, "logprobs", "log probabilities"],
    ["/chat/completions", { ...chat, max_completion_tokens: 3 }, "max_tokens", "give one"],
    ["/chat/completions", { ...chat, modalities: ["audio"] }, "modalities[0]", "only text"],
    ["/embeddings", { model: "teller", input: "" }, "input", "empty"],
    ["/embeddings", { model: "teller", input: ["x", "y".repeat(65)] }, "input[1]", "65 tokens"],
    ["/embeddings", { model: "teller", input: "x", dimensions: 3 }, "dimensions", "2 dimensions"],
    [
      "/embeddings",
      { model: "teller", input: "x", encoding_format: "int8" },
      "encoding_format",
      "encoding_format",
    ],
  ])("%s %j is refused for %s", async (path, body, param, said) => {
    const { status, json } = await post(await made([language()]), path, body);
    expect([status, json.error.type, json.error.param]).toEqual([400, "invalid_request_error", param]);
    expect(json.error.message).toContain(said);
  });

  it("that change nothing are taken", async () => {
    const harmless = {
      ...chat,
      max_completion_tokens: 2,
      frequency_penalty: 0,
      logit_bias: null,
      n: 1,
      presence_penalty: 0,
      response_format: { type: "text" },
      service_tier: "auto",
      store: false,
      tools: [],
      user: "u1",
      metadata: { a: "b" },
      top_p: 1,
    };
    expect((await post(await made([language()]), "/chat/completions", harmless)).status).toBe(200);
  });

  it.each([
    ["not JSON", "{", 400, "The body is not JSON"],
    ["no object", "[1]", 400, "no JSON object"],
    ["no model", "{}", 400, "model"],
    ["another model", '{"model": "gpt-4"}', 404, "The model 'gpt-4' does not exist"],
  ])("a body with %s is refused", async (_, body, code, said) => {
    const { status, json } = await post(await made([language()]), "/completions", body);
    expect(status).toBe(code);
    expect(json.error.message).toContain(said);
    expect(Object.keys(json.error)).toEqual(["message", "type", "param", "code"]);
  });
});

describe("embeddings", () => {
  it("have length 1, as numbers or as float32 in base64", async () => {
    const server = await made([language()]);
    const plain = await post(server, "/embeddings", {
      model: "teller",
      input: ["ab", "c"],
      encoding_format: "float",
    });
    const expected = [
      [2, 195],
      [1, 99],
    ].map(([a, b]) => [a! / Math.hypot(a!, b!), b! / Math.hypot(a!, b!)].map(Math.fround));
    expect(plain.json).toEqual({
      object: "list",
      data: expected.map((embedding, index) => ({ object: "embedding", index, embedding })),
      model: "teller",
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
    const coded = await post(server, "/embeddings", {
      model: "teller",
      input: "ab",
      encoding_format: "base64",
    });
    const bytes = Buffer.from(coded.json.data[0].embedding, "base64");
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4)]).toEqual(expected[0]);
  });

  it("are as long as they come where the model says that they are not normalised", async () => {
    const server = await made([language({ normalize: false })]);
    const { json } = await post(server, "/embeddings", { model: "teller", input: "ab" });
    expect(json.data[0].embedding).toEqual([2, 195]);
  });

  it("are all that a model that only encodes makes", async () => {
    const model = { ...toy(saying("x", 0)), generates: false };
    const server = await made([language({ model })]);
    expect((await post(server, "/embeddings", { model: "teller", input: "ab" })).status).toBe(200);
    const { status, json } = await post(server, "/completions", completion);
    expect([status, json.error.message]).toEqual([400, expect.stringContaining("embeddings only")]);
  });
});

describe("models", () => {
  it("are listed, and shown one by one", async () => {
    const { app } = await made([language(), language({ name: "other" })]);
    const list = (await app.inject("/v1/models")).json();
    expect(list).toEqual({
      object: "list",
      data: ["teller", "other"].map((id) => ({
        id,
        object: "model",
        created: expect.any(Number),
        owned_by: "storyteller",
      })),
    });
    expect((await app.inject("/v1/models/other")).json()).toEqual(list.data[1]);
    const none = await app.inject("/v1/models/none");
    expect([none.statusCode, none.json().error.code]).toEqual([404, "model_not_found"]);
    const stray = await app.inject("/v1/nothing");
    expect([stray.statusCode, stray.json().error.code]).toEqual([404, "unknown_url"]);
  });
});

describe("guards", () => {
  it("a token opens its own deployment and no other", async () => {
    const server = await made([language({ name: "a", token: "one" }), language({ name: "b", token: "two" })]);
    const asked = (model: string, token?: string) =>
      post(
        server,
        "/completions",
        { ...completion, model },
        token === undefined ? {} : { authorization: `Bearer ${token}` },
      );
    expect((await asked("a", "one")).status).toBe(200);
    const { status, json, headers } = await asked("a");
    expect([status, json.error.code, json.error.type, headers["www-authenticate"]]).toEqual([
      401,
      "invalid_api_key",
      "authentication_error",
      "Bearer",
    ]);
    expect((await asked("a", "wrong")).status).toBe(401);
    // As if it were not there.
    expect((await asked("a", "two")).json.error.code).toBe("model_not_found");
    const list = await server.app.inject({ url: "/v1/models", headers: { authorization: "Bearer two" } });
    expect(list.json().data.map(({ id }: { id: string }) => id)).toEqual(["b"]);
    expect((await server.app.inject("/v1/models")).statusCode).toBe(401);
  });

  it("bodies are limited before they are read, by each deployment's own limit", async () => {
    const small = language({ name: "small", props: { body_limit: 100 } });
    const server = await made([small, language({ props: { body_limit: 1000 } })]);
    const long = "x".repeat(200);
    expect((await post(server, "/completions", { ...completion, prompt: long })).status).toBe(200);
    const refused = await post(server, "/completions", { ...completion, model: "small", prompt: long });
    expect([refused.status, refused.json.error.message]).toEqual([413, "The body is larger than 100 bytes."]);
    const huge = await post(server, "/completions", { ...completion, prompt: "x".repeat(2000) });
    expect([huge.status, huge.json.error.type]).toEqual([413, "invalid_request_error"]);
  });

  it("requests are counted by address", async () => {
    const server = await made([language({ props: { rate_limit: 2 } })]);
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await post(server, "/completions", completion));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]!.json.error).toMatchObject({ type: "rate_limit_error", code: "rate_limit_exceeded" });
    expect(answers[2]!.headers["retry-after"]).toBeDefined();
  });

  it("more texts than may wait are refused at once", async () => {
    const model = toy(saying("x", 0), { rows: 1 });
    const server = await made([language({ model, limits: { queue: 1 } })]);
    const hold = Promise.withResolvers<void>();
    const { begin } = model;
    model.begin = async (...given) => {
      await hold.promise;
      return begin(...given);
    };
    const both = post(server, "/completions", { ...completion, n: 2 });
    while (
      !(await server.app.inject("/metrics")).body.includes(
        'queued_requests{model="storyteller",version="2",variant="champion"} 1',
      )
    )
      await new Promise((resolve) => setTimeout(resolve, 5));
    const { status, json, headers } = await post(server, "/completions", completion);
    expect([status, json.error.code, headers["retry-after"]]).toEqual([503, "overloaded", "1"]);
    hold.resolve();
    expect((await both).status).toBe(200);
    expect((await post(server, "/completions", completion)).status).toBe(200);
  });

  it("more texts than ever have room are a mistake of the request", async () => {
    const model = toy(saying("x", 0), { rows: 1 });
    const server = await made([language({ model, limits: { queue: 1 } })]);
    const { status, json } = await post(server, "/completions", { ...completion, n: 3 });
    expect([status, json.error.param, json.error.message]).toEqual([
      400,
      "n",
      "At most 2 texts are made for one request; this asks for 3.",
    ]);
  });

  it("an error in the middle of a stream is an event, and the end is missing", async () => {
    const model = toy(saying("x", 0));
    const { step } = model;
    model.step = (ids) =>
      model.log.steps.length > 2 ? Promise.reject(new Error("secret detail")) : step(ids);
    const told: string[] = [];
    const server = await made([language({ model })], { onBug: (error) => told.push(error.message) });
    const { status, text } = await post(server, "/completions", {
      ...completion,
      max_tokens: 8,
      stream: true,
    });
    expect(status).toBe(200);
    expect(text).toMatch(
      /data: \{"error":\{"message":"The server failed[^\n]*"type":"server_error"[^\n]*\n\n$/,
    );
    expect(text).not.toContain("secret");
    expect(text).not.toContain("[DONE]");
    expect(told).toEqual(["secret detail"]);
  });

  it("our own errors are told to us, not to the caller", async () => {
    const model = toy(saying("x", 0));
    model.begin = () => Promise.reject(new Error("secret detail"));
    const told: string[] = [];
    const server = await made([language({ model })], { onBug: (error) => told.push(error.message) });
    for (const stream of [false, true]) {
      const { status, text, json } = await post(server, "/completions", { ...completion, stream });
      expect([status, json.error.type]).toEqual([500, "server_error"]);
      expect(text).not.toContain("secret");
    }
    expect(told).toEqual(["secret detail", "secret detail"]);
  });
});

describe("a socket", () => {
  async function listening(model: ReturnType<typeof toy>) {
    const server = await startServer({
      deployments: [],
      languages: [language({ model, props: { max_tokens: 1000 } })],
      version: "0",
      host: "127.0.0.1",
      port: 0,
    });
    const { port } = new URL(server.address);
    const socket = connect(Number(port), "127.0.0.1");
    await once(socket, "connect");
    const ask = (path: string, body: object) => {
      const text = JSON.stringify(body);
      socket.write(
        `POST /v1${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
      );
    };
    return { server, socket, ask };
  }

  it("that its client closes ends the text, and the place is free", async () => {
    const model = toy(saying("hello ", 1), { context: 100_000, rows: 1 });
    const { server, socket, ask } = await listening(model);
    ask("/completions", { ...completion, max_tokens: 90_000, stream: true });
    await once(socket, "data");
    socket.destroy();
    // The only row is taken by another as soon as the first is gone.
    const answer = await fetch(`${server.address}/v1/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(completion),
    });
    expect(answer.status).toBe(200);
    expect(model.log.steps.length).toBeLessThan(80_000);
    await server.close(0);
  });

  it("that is not read slows its own text down", async () => {
    const model = toy(saying("hello ", 1), { context: 200_000, rows: 2 });
    const { server, socket, ask } = await listening(model);
    socket.pause();
    ask("/completions", { ...completion, max_tokens: 150_000, stream: true });
    let before = -1;
    // Until the buffers between here and there are full, and not a token more.
    while (before !== model.log.steps.length) {
      before = model.log.steps.length;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(149_000);
    socket.destroy();
    await server.close(0);
  });

  it("in use is served to the end while the server stops, and new requests are refused", async () => {
    const model = toy(saying("hello ", 1), { context: 100_000, rows: 1 });
    const { server, socket, ask } = await listening(model);
    let got = "";
    socket.on("data", (chunk) => {
      got += chunk.toString();
    });
    ask("/completions", { ...completion, max_tokens: 3000, stream: true });
    await once(socket, "data");
    const closing = server.close(20);
    const refused = await server.app.inject({ method: "POST", url: "/v1/completions", payload: completion });
    expect([refused.statusCode, refused.json().error.type]).toEqual([503, "server_error"]);
    expect(await closing).toBe(0);
    expect(got).toContain("data: [DONE]");
  });
});

describe("both kinds on one address", () => {
  it("answer, and health, metrics, the description and the page cover both", async () => {
    const server = await made([language()], { tabular: true });
    expect((await post(server, "/completions", completion)).status).toBe(200);
    const row = await server.app.inject({ method: "POST", url: "/predict", payload: goodRow });
    expect(row.statusCode).toBe(200);
    for (const path of ["/health", "/ready"]) expect((await server.app.inject(path)).statusCode).toBe(200);
    const metrics = (await server.app.inject("/metrics")).body;
    const of = 'model="storyteller",version="2",variant="champion"';
    expect(metrics).toContain(`mlops_inference_requests_total{${of},code="200"} 1`);
    expect(metrics).toContain(`mlops_generation_tokens_total{${of},kind="prompt"} 1`);
    expect(metrics).toContain(`mlops_generation_tokens_total{${of},kind="completion"} 2`);
    expect(metrics).toContain(`mlops_generation_first_token_seconds_count{${of}} 1`);
    expect(metrics).toContain(`mlops_generation_queued_requests{${of}} 0`);
    expect(metrics).toContain(`mlops_generation_running_requests{${of}} 0`);
    expect(metrics).toContain('mlops_inference_requests_total{model="loan-approval"');
    const description = (await server.app.inject("/openapi.json")).json();
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining([
        "/predict",
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/embeddings",
        "/v1/models",
      ]),
    );
    const page = (await server.app.inject("/docs")).body;
    expect(page).toContain("teller: speaks OpenAI&#39;s protocol".replace("&#39;", "'"));
    expect(page).toContain("Q: {question}");
    expect(page).toContain("loans: predicts approved");
    const stray = await server.app.inject("/nothing");
    expect(stray.json().error.message).toContain("/predict, /v1;");
  });
});
