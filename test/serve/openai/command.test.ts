/** A released language model from the command line: served, tried, asked once, and refused where it does not fit. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../../language/compile.ts";
import type { Program } from "../../../language/ir/program.ts";
import { StepFailure } from "../../../runtime/execute/step.ts";
import { openRegistry } from "../../../runtime/registry/registry.ts";
import { resolveLanguage } from "../../../runtime/serve/openai/resolve.ts";
import { resolveDeployment } from "../../../runtime/serve/resolve.ts";
import { openStore } from "../../../runtime/store/store.ts";
import { vocabulary } from "../../../stdlib/vocabulary.ts";
import { textHost } from "../../check/files.ts";
import { languageSpec, releaseLanguageModel } from "./released.ts";

const MAIN = fileURLToPath(new URL("../../../cli/main.ts", import.meta.url));
let project: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "mlops-language-"));
  await releaseLanguageModel(project);
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(project, { recursive: true, force: true });
});

function write(name: string, text: string): string {
  const file = join(project, name);
  writeFileSync(file, text);
  return file;
}

function mlops(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: project,
    env: { ...process.env, NO_COLOR: "1", API_TOKEN: "hush-hush" },
  });
  children.push(child);
  const output = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    output.out += chunk.toString();
  });
  child.stderr.on("data", (chunk) => {
    output.err += chunk.toString();
  });
  return { child, output, ended: once(child, "close").then(([code]) => Number(code)) };
}

const chat = `deployment chat {
  name = "storyteller"
  release = storyteller.champion
  protocol = openai
  prompt = ask
  token = API_TOKEN
  temperature = 0
  port = 0
}
`;

describe("mlops serve", () => {
  it("--try shows one completion, the token never", async () => {
    const { output, ended } = mlops("serve", write("chat.mlops", languageSpec(chat)), "--try", "--json");
    expect(await ended).toBe(0);
    const [trial] = JSON.parse(output.out).deployments;
    expect(trial).toMatchObject({
      name: "storyteller",
      release: "storyteller",
      version: 1,
      url: expect.stringMatching(/^http:.*\/v1\/chat\/completions$/),
      status: 200,
      response: { choices: [{ message: { content: expect.any(String) }, finish_reason: "length" }] },
    });
    expect(output.out + output.err).not.toContain("hush-hush");
  });

  it("says how to ask, answers, and ends on SIGTERM", async () => {
    const { child, output, ended } = mlops("serve", write("chat.mlops", languageSpec(chat)));
    while (!output.out.includes("Ctrl-C")) await new Promise((resolve) => setTimeout(resolve, 20));
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output.out)![0];
    expect(output.out).toContain(
      `storyteller  ${address}/v1\n  storyteller version 1 (champion), a context of 96 tokens`,
    );
    expect(output.out).toContain('-H "authorization: Bearer $API_TOKEN"');
    const models = await fetch(`${address}/v1/models`, { headers: { authorization: "Bearer hush-hush" } });
    expect(await models.json()).toMatchObject({ data: [{ id: "storyteller" }] });
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });
});

describe("mlops predict", () => {
  it("answers a prompt through the model's template, as the server does", async () => {
    const asked = ["predict", "storyteller", "--prompt", "Hello", "--max-tokens", "32"];
    const [text, json] = [mlops(...asked), mlops(...asked, "--json")];
    expect([await text.ended, await json.ended]).toEqual([0, 0]);
    const said = JSON.parse(json.output.out);
    expect(text.output.out).toBe(`${said.text}\n`);
    expect(said).toMatchObject({ model: "storyteller", version: 1, tokens: { prompt: 11, answer: 32 } });
    const served = mlops("serve", write("chat.mlops", languageSpec(chat)), "--try", "--json");
    expect(await served.ended).toBe(0);
    const [trial] = JSON.parse(served.output.out).deployments;
    expect(trial.response.choices[0].message.content).toBe(said.text);
  });

  it.each([
    ["ML7104", ["--row", "{}"]],
    ["ML7104", []],
    ["ML8011", ["--prompt", "x", "--temperature", "hot"]],
    ["ML8011", ["--prompt", "x", "--max-tokens", "0"]],
  ])("refuses with %s: %j", async (code, options) => {
    const { output, ended } = mlops("predict", "storyteller", ...options);
    expect(await ended).toBe(1);
    expect(output.err).toContain(code);
  });
});

describe("a deployment whose release holds something else", () => {
  const program = (text: string): Program => {
    const { program: made } = compile({
      files: textHost({ "spec.mlops": text }),
      entry: "spec.mlops",
      vocabulary,
    });
    return made!;
  };
  const deployment = (text: string) => {
    const made = program(text);
    return { program: made, declaration: made.declarations.find(({ kind }) => kind === "deployment")! };
  };
  const refused = async (
    work: (place: {
      store: ReturnType<typeof openStore>;
      registry: ReturnType<typeof openRegistry>;
    }) => Promise<unknown>,
  ) => {
    const store = openStore(join(project, ".mlops"));
    using registry = openRegistry(store.root);
    try {
      const error = await work({ store, registry }).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      return error instanceof StepFailure ? error.diagnostic.code : error;
    } finally {
      store.close();
    }
  };

  it("is refused: rows for text, text for rows, another template, damaged files", async () => {
    const { program: made, declaration } = deployment(languageSpec(chat));
    const language = (store: ReturnType<typeof openStore>, registry: ReturnType<typeof openRegistry>) =>
      resolveLanguage(made, declaration, store, registry);
    expect(await refused(({ store, registry }) => language(store, registry))).toBeNull();
    expect(
      await refused(({ store, registry }) => resolveDeployment(made, declaration, store, registry)),
    ).toBe("ML7101");
    const other = deployment(languageSpec(chat).replace("Q: {question}", "Question: {question}"));
    expect(
      await refused(({ store, registry }) =>
        resolveLanguage(other.program, other.declaration, store, registry),
      ),
    ).toBe("ML7102");
    const wrongly = async (
      files: (held: Record<string, `sha256:${string}`>) => Record<string, `sha256:${string}`>,
    ) =>
      refused(({ store, registry }) => {
        const held = registry.resolve("storyteller", "champion")!;
        const reader = { champion: () => ({ ...held, files: files({ ...held.files }) }) };
        return resolveLanguage(made, declaration, store, reader);
      });
    expect(await wrongly(({ "signature.json": one = "sha256:00" }) => ({ "signature.json": one }))).toBe(
      "ML7100",
    );
    expect(await wrongly((held) => ({ ...held, "architecture.json": held["generation.json"]! }))).toBe(
      "ML7103",
    );
  });
});
