/** Completions and chats: what is answered, whole and as a stream. */
import { describe, expect, it } from "vitest";
import { bytes, saying, toy } from "../../generate/toy.ts";
import { ask, column, eventsOf, language, post, serverOf } from "./model.ts";

const prompts = (model: ReturnType<typeof toy>) => model.log.begun.map(({ prompt }) => prompt);

describe("POST /v1/completions", () => {
  it("goes on with the prompt, which no template changes", async () => {
    const model = toy(saying("hello ", 4));
    const server = await serverOf([language({ model })]);
    const { status, json } = await post(server, "/completions", {
      model: "teller",
      prompt: "Say:",
      max_tokens: 5,
    });
    expect(status).toBe(200);
    expect(json).toEqual({
      id: expect.stringMatching(/^cmpl-[0-9a-f]{32}$/),
      object: "text_completion",
      created: expect.any(Number),
      model: "teller",
      system_fingerprint: expect.stringMatching(/^fp_[0-9a-f]{12}$/),
      choices: [{ text: "hello", index: 0, logprobs: null, finish_reason: "length" }],
      usage: { prompt_tokens: 4, completion_tokens: 5, total_tokens: 9 },
    });
    expect(prompts(model)).toEqual(["Say:"]);
  });

  it("streams the same text, with the usage when it is asked for", async () => {
    const server = await serverOf([language({ model: toy(saying("hello ", 4)) })]);
    const request = { model: "teller", prompt: "Say:", max_tokens: 3, stream: true };
    const { headers, text } = await post(server, "/completions", request);
    expect(headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    const events = eventsOf(text) as { choices: { text: string; finish_reason: unknown }[]; id: string }[];
    expect(events.at(-1)).toBe("[DONE]");
    const chunks = events.slice(0, -1);
    expect(chunks.map(({ choices }) => choices[0]!.text).join("")).toBe("hel");
    expect(chunks.map(({ choices }) => choices[0]!.finish_reason)).toEqual([null, null, "length"]);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    const counted = await post(server, "/completions", {
      ...request,
      stream_options: { include_usage: true },
    });
    expect(eventsOf(counted.text).at(-2)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 4, completion_tokens: 3, total_tokens: 7 },
    });
    expect(eventsOf(counted.text)[0]).toMatchObject({ usage: null });
  });

  it("takes several prompts, token ids, several texts of each, and echoes", async () => {
    const model = toy(saying("hello ", 1));
    const server = await serverOf([language({ model })]);
    const several = { model: "teller", prompt: ["a", "b"], n: 2, max_tokens: 2, echo: true };
    const { json } = await post(server, "/completions", several);
    expect(json.choices.map(({ index, text }: { index: number; text: string }) => [index, text])).toEqual([
      [0, "ahe"],
      [1, "ahe"],
      [2, "bhe"],
      [3, "bhe"],
    ]);
    expect(json.usage).toEqual({ prompt_tokens: 2, completion_tokens: 8, total_tokens: 10 });
    const ids = await post(server, "/completions", {
      model: "teller",
      prompt: [[65], [66, 67]],
      max_tokens: 1,
    });
    expect(ids.json.choices).toHaveLength(2);
    expect(prompts(model).slice(-2)).toEqual(["A", "BC"]);
  });

  it("draws another text for each of n, and the same for the same seed", async () => {
    const server = await serverOf([language({ props: { temperature: 2 } })]);
    const ask = { model: "teller", prompt: "x", n: 3, seed: 4, max_tokens: 12 };
    const texts = async (more: object) =>
      (await post(server, "/completions", { ...ask, ...more })).json.choices.map(
        ({ text }: { text: string }) => text,
      );
    const first = await texts({});
    expect(new Set(first).size).toBe(3);
    expect(await texts({})).toEqual(first);
    expect(await texts({ n: 1 })).toEqual(first.slice(0, 1));
    expect(await texts({ seed: 5 })).not.toEqual(first);
    // The deployment's temperature, unless the request says another.
    expect(new Set(await texts({ temperature: 0 })).size).toBe(1);
  });

  it("stops before a stop string, the request's or the model's", async () => {
    const server = await serverOf([language({ model: toy(saying("hello ", 1)), stop: ["o"] })]);
    const one = await post(server, "/completions", { model: "teller", prompt: "x" });
    expect(one.json.choices[0]).toMatchObject({ text: "hell", finish_reason: "stop" });
    const two = await post(server, "/completions", { model: "teller", prompt: "x", stop: ["el", "zz"] });
    expect(two.json.choices[0]).toMatchObject({ text: "h", finish_reason: "stop" });
  });

  it("cuts a prompt that is too long from the left, and says so", async () => {
    const model = toy(saying("hello ", 0), { context: 16 });
    const server = await serverOf([language({ model })]);
    const long = "abcdefghijklmnopqrstuvwxyz";
    const { headers, json } = await post(server, "/completions", {
      model: "teller",
      prompt: long,
      max_tokens: 4,
    });
    expect(prompts(model)).toEqual([long.slice(-12)]);
    expect(json.usage).toEqual({ prompt_tokens: 12, completion_tokens: 4, total_tokens: 16 });
    expect(headers["x-mlops-dropped-tokens"]).toBe("14");
    const other = await post(server, "/completions", {
      model: "teller",
      prompt: `####${long.slice(-12)}`,
      max_tokens: 4,
    });
    expect(other.json.choices).toEqual(json.choices);
  });
});

describe("what a tokenizer puts before every text", () => {
  const tokenizer = { ...bytes, begin: [1] };
  const BEGIN = "\u0001";

  it("begins prompts, cut ones too, and is not echoed", async () => {
    const model = toy(saying("hello ", 0), { context: 16 });
    const server = await serverOf([language({ model, tokenizer })]);
    const long = "abcdefghijklmnopqrstuvwxyz";
    const asked = { model: "teller", max_tokens: 4, echo: true };
    const { json } = await post(server, "/completions", { ...asked, prompt: "ab" });
    expect(json.choices[0].text).toMatch(/^ab[a-z ]{4}$/);
    await post(server, "/completions", { ...asked, prompt: long });
    await post(server, "/completions", { ...asked, prompt: "" });
    await post(server, "/completions", { ...asked, prompt: `${BEGIN}ab` });
    const begun = [`${BEGIN}ab`, `${BEGIN}${long.slice(-11)}`, BEGIN, `${BEGIN}ab`];
    expect(prompts(model)).toEqual(begun);
  });

  it("begins a chat once, and what is embedded", async () => {
    const model = toy(saying("hello ", 0));
    const server = await serverOf([language({ model, tokenizer, end: 0 })]);
    const messages = [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
      { role: "user", content: "c" },
    ];
    await post(server, "/chat/completions", { model: "teller", messages });
    expect(prompts(model)).toEqual([`${BEGIN}Q: a\nA:b\u0000Q: c\nA:`]);
    const { json } = await post(server, "/embeddings", { model: "teller", input: "ab" });
    expect(json.usage.prompt_tokens).toBe(3);
  });
});

describe("POST /v1/chat/completions", () => {
  const user = (content: string) => ({ role: "user", content });

  it("asks with the template's very bytes", async () => {
    const model = toy(saying("hello ", 0), { context: 200 });
    const server = await serverOf([language({ model, end: 0 })]);
    const { json } = await post(server, "/chat/completions", {
      model: "teller",
      messages: [
        { role: "system", content: "Be kind." },
        user("Who {question}?"),
        { role: "assistant", content: " I." },
        {
          role: "user",
          content: [
            { type: "text", text: "And" },
            { type: "text", text: " now?" },
          ],
        },
      ],
      max_completion_tokens: 4,
    });
    expect(prompts(model)).toEqual(["Be kind.\nQ: Who {question}?\nA: I.\u0000Q: And now?\nA:"]);
    expect(json).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: "chat.completion",
      model: "teller",
      choices: [{ index: 0, message: { role: "assistant" }, logprobs: null, finish_reason: "length" }],
    });
    expect(json.choices[0].message.content).toHaveLength(4);
  });

  it("fills several inputs from a JSON object, and a system input from the system message", async () => {
    const model = toy(saying("x", 0), { context: 200 });
    const prompt = {
      template: "<{system}> {topic} in {words} words{note}",
      input: [
        column("system"),
        column("topic"),
        column("words", { type: "int" }),
        column("note", { nullable: true }),
      ],
      output: [],
    };
    const server = await serverOf([language({ model, prompt })]);
    const chat = (content: string) =>
      post(server, "/chat/completions", {
        model: "teller",
        messages: [{ role: "developer", content: "calm" }, user(content)],
      });
    expect((await chat('{"topic": "rain", "words": 5}')).status).toBe(200);
    expect(prompts(model)).toEqual(["<calm> rain in 5 words"]);
    for (const [content, said] of [
      ["rain", "send a JSON object with topic, words, note"],
      ['{"words": 5}', "input topic is missing"],
      ['{"topic": "a", "words": []}', "input words is an array"],
      ['{"topic": "a", "words": 1, "toppic": 1}', "no input toppic"],
    ] as const) {
      const { status, json } = await chat(content);
      expect([status, json.error.param]).toEqual([400, "messages[1].content"]);
      expect(json.error.message).toContain(said);
    }
  });

  it("without a template gives the messages as they are", async () => {
    const model = toy(saying("x", 0));
    const server = await serverOf([language({ model, prompt: null })]);
    await post(server, "/chat/completions", {
      model: "teller",
      messages: [user("One."), { role: "assistant", content: "Two." }, user("Three")],
    });
    expect(prompts(model)).toEqual(["One.\nTwo.\nThree"]);
  });

  it("streams a role, the text and the reason of its end", async () => {
    const server = await serverOf([language({ model: toy(saying("hi ", 7)) })]);
    const request = { model: "teller", messages: [user("x")], max_tokens: 2, stream: true };
    const { text } = await post(server, "/chat/completions", {
      ...request,
      stream_options: { include_usage: true },
    });
    const events = eventsOf(text) as {
      object: string;
      choices: { delta: object; finish_reason: string | null }[];
    }[];
    expect(events.slice(0, -2).map(({ choices }) => [choices[0]!.delta, choices[0]!.finish_reason])).toEqual([
      [{ role: "assistant", content: "", refusal: null }, null],
      [{ content: "h" }, null],
      [{ content: "i" }, null],
      [{}, "length"],
    ]);
    expect(new Set(events.slice(0, -1).map(({ object }) => object))).toEqual(
      new Set(["chat.completion.chunk"]),
    );
    expect(events.at(-2)).toMatchObject({ choices: [], usage: { completion_tokens: 2 } });
  });

  it("keeps the system message when the conversation is cut", async () => {
    const model = toy(saying("x", 0), { context: 40 });
    const server = await serverOf([language({ model })]);
    const { headers } = await post(server, "/chat/completions", {
      model: "teller",
      messages: [{ role: "system", content: "Kind." }, user("a".repeat(100))],
      max_tokens: 8,
    });
    expect(prompts(model)).toEqual([`Kind.\n${"a".repeat(23)}\nA:`]);
    expect(headers["x-mlops-dropped-tokens"]).toBe("80");
    const refused = await post(server, "/chat/completions", {
      model: "teller",
      messages: [{ role: "system", content: "k".repeat(60) }, user("a")],
    });
    expect([refused.status, refused.json.error.code]).toEqual([400, "context_length_exceeded"]);
  });
});

describe("sessions", () => {
  const say = (content: string, more: object = {}) => ({
    model: "teller",
    messages: [{ role: "user", content }],
    max_tokens: 3,
    ...more,
  });
  const made = async (token?: string) => {
    const model = toy(saying("abc", 0), { context: 400 });
    const props = { sessions: 2 };
    return { model, server: await serverOf([language({ model, props, end: 0, ...(token && { token }) })]) };
  };

  it("go on with what was said, by the header or the member of that name", async () => {
    const { model, server } = await made();
    const first = await post(server, "/chat/completions", say("One?"), { "x-session-id": "s1" });
    const answer = first.json.choices[0].message.content;
    await post(server, "/chat/completions", say("Two?", { session: "s1" }));
    expect(prompts(model)).toEqual(["Q: One?\nA:", `Q: One?\nA:${answer}\u0000Q: Two?\nA:`]);
  });

  it("do not leak: not to another name, not to another token, not to a request without", async () => {
    const { model, server } = await made();
    await post(server, "/chat/completions", say("Secret?"), {
      "x-session-id": "s1",
      authorization: "Bearer a",
    });
    const others = [
      { "x-session-id": "s2", authorization: "Bearer a" },
      { "x-session-id": "s1", authorization: "Bearer b" },
      { "x-session-id": "s1" },
      {},
    ];
    for (const headers of others)
      await post(server, "/chat/completions", say("Other?"), headers as Record<string, string>);
    expect(prompts(model).slice(1)).toEqual(others.map(() => "Q: Other?\nA:"));
  });

  it("remember streamed answers, and nothing of what failed", async () => {
    const { model, server } = await made();
    await post(server, "/chat/completions", say("One?", { stream: true }), { "x-session-id": "s" });
    const bad = say("Bad?", { response_format: { type: "json_object" } });
    expect((await post(server, "/chat/completions", bad, { "x-session-id": "s" })).status).toBe(422);
    await post(server, "/chat/completions", say("Two?"), { "x-session-id": "s" });
    expect(prompts(model).at(-1)?.replaceAll("\u0000", "␀")).toMatch(/^Q: One\?\nA:[abc]{3}␀Q: Two\?\nA:$/);
  });

  it("forget old messages that the context has no room for, and replace instructions by new ones", async () => {
    const { model, server } = await made();
    const system = (content: string) => ({ role: "system", content });
    const messages = (instruction: string) => [system(instruction), { role: "user", content: "x" }];
    await post(server, "/chat/completions", { ...say(""), messages: messages("First."), session: "s" });
    await post(server, "/chat/completions", { ...say(""), messages: messages("Second."), session: "s" });
    expect(prompts(model).at(-1)?.replaceAll("\u0000", "␀")).toMatch(/^Second\.\nQ: x\nA:...␀Q: x\nA:$/);
  });

  it("are refused where none are kept, and with several answers", async () => {
    const without = await serverOf([language()]);
    const none = await post(without, "/chat/completions", say("x"), { "x-session-id": "s" });
    expect([none.status, none.json.error.message]).toEqual([
      400,
      expect.stringContaining("keeps no sessions"),
    ]);
    const { server } = await made();
    const several = await post(server, "/chat/completions", say("x", { n: 2, session: "s" }));
    expect([several.status, several.json.error.param]).toEqual([400, "n"]);
    expect((await post(server, "/chat/completions", say("x"), { "x-session-id": "a b" })).status).toBe(400);
  });
});

describe("answers of a required form", () => {
  const messages = [{ role: "user", content: "x" }];
  const schema = {
    type: "object",
    properties: { a: { type: "integer" } },
    required: ["a"],
    additionalProperties: false,
  };
  const format = (given: object = schema) => ({
    type: "json_schema",
    json_schema: { name: "answer", strict: true, schema: given },
  });
  const says = (text: string) =>
    language({ model: toy(saying(text, 7), { context: 80 }), end: 33, props: { max_tokens: 60 } });

  it("are given whole, streamed or not", async () => {
    const server = await serverOf([says('{"a": 1}!')]);
    const request = { model: "teller", messages, response_format: format() };
    const { json } = await post(server, "/chat/completions", request);
    expect(json.choices[0]).toMatchObject({ message: { content: '{"a": 1}' }, finish_reason: "stop" });
    const { text } = await post(server, "/chat/completions", { ...request, stream: true });
    expect(text).toContain(JSON.stringify('{"a": 1}'));
  });

  it.each([
    ['{"a": "b"}!', "`a`: invalid input"],
    ["never mind!", "it is not JSON"],
    ['{"a": 1, "b": 2}!', "unrecognized key"],
    ['{"a": 1', "cut off at 60 tokens"],
  ])("%s is refused with what is wrong with it", async (said, why) => {
    const server = await serverOf([says(said)]);
    const request = { model: "teller", messages, response_format: format() };
    for (const stream of [false, true]) {
      const { status, json } = await post(server, "/chat/completions", { ...request, stream });
      expect([status, json.error.code, json.error.param]).toEqual([
        422,
        "response_format_not_met",
        "response_format",
      ]);
      expect(json.error.message).toContain(why);
    }
  });

  it("are drawn again as often as the deployment says", async () => {
    let drawn = 0;
    const model = toy(saying("ab", 7), { context: 80, rows: 1 });
    const { begin } = model;
    model.begin = (row, prompt, between) => {
      drawn++;
      return begin(row, prompt, between);
    };
    const server = await serverOf([language({ model, props: { retries: 3, temperature: 1 } })]);
    const request = { model: "teller", messages, response_format: { type: "json_object" } };
    const refused = await post(server, "/chat/completions", request);
    expect(refused.json.error.message).toContain("after 4 attempts");
    expect(drawn).toBe(4);
    // The likeliest text is the same every time.
    expect(
      (await post(server, "/chat/completions", { ...request, temperature: 0 })).json.error.message,
    ).toContain("1 attempt:");
    expect(drawn).toBe(5);
  });

  it("are what the prompt's output says where the deployment requires it", async () => {
    const prompt = {
      ...ask,
      output: [column("answer"), column("sure", { type: "boolean", nullable: true })],
    };
    const of = (text: string) =>
      language({
        model: toy(saying(text, 7), { context: 80 }),
        end: 33,
        prompt,
        props: { response: "json", max_tokens: 60 },
      });
    const right = await post(await serverOf([of('{"answer": "b", "sure": null}!')]), "/chat/completions", {
      model: "teller",
      messages,
    });
    expect(right.status).toBe(200);
    const wrong = await post(await serverOf([of('{"answer": 3}!')]), "/chat/completions", {
      model: "teller",
      messages,
    });
    expect([wrong.status, wrong.json.error.message]).toEqual([422, expect.stringContaining("`answer`")]);
  });

  it("refuses a schema that it cannot read", async () => {
    const server = await serverOf([says("x")]);
    const { status, json } = await post(server, "/chat/completions", {
      model: "teller",
      messages,
      response_format: format({ type: "nonsense" }),
    });
    expect([status, json.error.param]).toEqual([400, "response_format.json_schema.schema"]);
  });
});
