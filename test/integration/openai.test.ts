/** OpenAI's own clients, for Python and for JavaScript, speak to a released language model. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import { openRegistry } from "../../runtime/registry/registry.ts";
import { serveLanguage } from "../../runtime/serve/openai/resolve.ts";
import { type RunningServer, startServer } from "../../runtime/serve/server.ts";
import { openStore } from "../../runtime/store/store.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { textHost } from "../check/files.ts";
import { languageSpec, releaseLanguageModel } from "../serve/openai/released.ts";

const here = dirname(fileURLToPath(import.meta.url));
/** Not within this package: npm would take its folder for the one to install into. */
const folder = join(tmpdir(), "mlops-openai-clients");
const VERSIONS = { python: "openai==3.54.0", javascript: "openai@7.57.0" };

/** Installs a client once; says why where that cannot be done. */
function installed(stamp: string, steps: readonly (readonly [string, readonly string[]])[]): boolean {
  const file = join(folder, stamp.replaceAll(/[^\w.=-]/g, "_"));
  if (existsSync(file)) return true;
  mkdirSync(folder, { recursive: true });
  for (const [program, args] of steps) {
    const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
    if (status === 0) continue;
    console.warn(`${stamp}: skipped, it cannot be installed: ${stderr?.trim().split("\n").at(-1)}`);
    return false;
  }
  writeFileSync(file, "");
  return true;
}

const python = join(folder, "venv/bin/python");
const hasPython = installed(VERSIONS.python, [
  [process.env["MLOPS_PYTHON"] ?? "python3", ["-m", "venv", join(folder, "venv")]],
  [python, ["-m", "pip", "install", "-q", "--disable-pip-version-check", VERSIONS.python]],
]);
const npmFolder = join(folder, "npm");
const hasNpm = installed(VERSIONS.javascript, [
  [
    "npm",
    ["install", "--prefix", npmFolder, "--no-audit", "--no-fund", "--loglevel=error", VERSIONS.javascript],
  ],
]);

const deployment = `deployment chat {
  name = "storyteller"
  release = storyteller.champion
  protocol = openai
  prompt = ask
  token = API_TOKEN
  sessions = 10
  port = 0
}
`;
const TOKEN = "sk-for-the-suite";

interface Answers {
  readonly chat: readonly [string, string, number];
  readonly chat_stream: readonly [string, string, number];
  readonly completion: readonly [string, string, number];
  readonly completion_stream: string;
  readonly embedding: readonly number[];
  readonly embedding_plain: readonly number[];
  readonly session: readonly [number, number];
}

describe("OpenAI's clients", () => {
  let project: string;
  let server: RunningServer;
  const bugs: Error[] = [];

  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), "mlops-openai-"));
    await releaseLanguageModel(project);
    const files = textHost({ "spec.mlops": languageSpec(deployment) });
    const { program } = compile({ files, entry: "spec.mlops", vocabulary });
    const declaration = program!.declarations.find(({ kind }) => kind === "deployment")!;
    const store = openStore(join(project, ".mlops"));
    using registry = openRegistry(store.root);
    const from = { store, registry, environment: { API_TOKEN: TOKEN }, threads: 2 };
    const language = await serveLanguage(program!, declaration, from);
    store.close();
    server = await startServer({
      deployments: [],
      languages: [language],
      version: "0",
      host: "127.0.0.1",
      port: 0,
      onBug: (error) => bugs.push(error),
    });
  });
  afterAll(async () => {
    await server.close(0);
    rmSync(project, { recursive: true, force: true });
  });

  async function ask(program: string, args: readonly string[]): Promise<Answers> {
    const all = [...args, `${server.address}/v1`, TOKEN, "storyteller"];
    const { stdout } = await promisify(execFile)(program, all, { timeout: 120_000 });
    return JSON.parse(stdout) as Answers;
  }

  function expectRight(answers: Answers): void {
    expect(answers).toMatchObject({
      models: ["storyteller"],
      model: "storyteller",
      completion: [expect.any(String), expect.stringMatching(/^(length|stop)$/), expect.any(Number)],
      chat: [expect.any(String), "assistant", expect.any(Number)],
      embeddings: [2, 6],
      refusals: [
        ["NotFoundError", 404, "model_not_found", "model"],
        ["AuthenticationError", 401, "invalid_api_key", null],
        ["BadRequestError", 400, "unsupported_value", "logprobs"],
        ["UnprocessableEntityError", 422, "response_format_not_met", "response_format"],
      ],
    });
    expect(answers.completion[0].length).toBeGreaterThan(0);
    // A stream is the same text in pieces.
    expect(answers.completion_stream).toBe(answers.completion[0]);
    expect(answers.chat_stream[0]).toBe(answers.chat[0]);
    expect(answers.chat_stream[2]).toBe(answers.chat[2]);
    expect(answers.embedding).toHaveLength(32);
    expect(Math.hypot(...answers.embedding)).toBeCloseTo(1, 5);
    expect(answers.embedding).toEqual(answers.embedding_plain.map((value) => expect.closeTo(value, 6)));
    expect(answers.session[1]).toBeGreaterThan(answers.session[0]);
    expect(bugs).toEqual([]);
  }

  it.skipIf(!hasPython)("for Python list, complete, chat, stream and embed", async () => {
    expectRight(await ask(python, [join(here, "openai-client.py")]));
  });

  it.skipIf(!hasNpm)("for JavaScript do so too, and get the same texts", async () => {
    const answers = await ask(process.execPath, [join(here, "openai-client.mjs"), npmFolder]);
    expectRight(answers);
    if (!hasPython) return;
    const theirs = await ask(python, [join(here, "openai-client.py")]);
    expect(answers.chat).toEqual(theirs.chat);
    expect(answers.completion).toEqual(theirs.completion);
  });

  it("that go away leave nothing running", async () => {
    const metrics = await (await fetch(`${server.address}/metrics`)).text();
    expect(metrics).toMatch(/mlops_generation_running_requests\{[^}]*\} 0/);
    expect(metrics).toMatch(/mlops_generation_queued_requests\{[^}]*\} 0/);
  });
});
