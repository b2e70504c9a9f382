/** OpenAI's own client for JavaScript against a running server: prints what it got as one JSON document. */
import { createRequire } from "node:module";
import { join } from "node:path";

const [, , folder, baseURL, apiKey, model] = process.argv;
const { OpenAI, APIError } = createRequire(join(folder, "package.json"))("openai");
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const messages = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Who?" },
];
const sampling = { model, max_tokens: 12, temperature: 0.8, seed: 5 };

const answers = { models: [] };
for await (const one of client.models.list()) answers.models.push(one.id);
answers.model = (await client.models.retrieve(model)).owned_by;

const completion = await client.completions.create({ prompt: "Once", ...sampling });
answers.completion = [
  completion.choices[0].text,
  completion.choices[0].finish_reason,
  completion.usage.total_tokens,
];
answers.completion_stream = "";
for await (const chunk of await client.completions.create({ prompt: "Once", stream: true, ...sampling }))
  answers.completion_stream += chunk.choices[0].text;

const chat = await client.chat.completions.create({ messages, ...sampling });
answers.chat = [chat.choices[0].message.content, chat.choices[0].message.role, chat.usage.completion_tokens];
// The helper puts the chunks together itself, and is strict about them.
const stream = client.chat.completions.stream({
  messages,
  stream_options: { include_usage: true },
  ...sampling,
});
let text = "";
stream.on("content", (delta) => {
  text += delta;
});
const whole = await stream.finalChatCompletion();
answers.chat_stream = [text, whole.choices[0].finish_reason, whole.usage.completion_tokens];
answers.chat_whole = whole.choices[0].message.content;

const coded = await client.embeddings.create({ model, input: ["one", "two"] });
const plain = await client.embeddings.create({ model, input: "one", encoding_format: "float" });
answers.embedding = [...coded.data[0].embedding];
answers.embedding_plain = plain.data[0].embedding;
answers.embeddings = [coded.data.length, coded.usage.prompt_tokens];

const session = { messages: messages.slice(1), session: "javascript", ...sampling };
answers.session = [];
for (let turn = 0; turn < 2; turn++)
  answers.session.push((await client.chat.completions.create(session)).usage.prompt_tokens);

for await (const _ of await client.completions.create({ prompt: "Once", stream: true, ...sampling, max_tokens: 80 }))
  break;

async function refused(work) {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return [error.constructor.name, error.status, error.code ?? null, error.param ?? null];
  }
}

answers.refusals = [
  await refused(() => client.completions.create({ prompt: "x", model: "gpt-4" })),
  await refused(() => client.withOptions({ apiKey: "wrong" }).models.list()),
  await refused(() => client.chat.completions.create({ messages, model, logprobs: true })),
  await refused(() =>
    client.chat.completions.create({ messages, model, response_format: { type: "json_object" } }),
  ),
];
console.log(JSON.stringify(answers));
