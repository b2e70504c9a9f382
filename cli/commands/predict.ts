/** `mlops predict`: one row through a released model, and why; or what a language model answers to one prompt. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { entryOf, fill } from "../../language/diagnostics/catalogue.ts";
import type { Version } from "../../runtime/registry/registry.ts";
import { type CommandModule, EXIT, type Invocation } from "../command.ts";
import { refuse as sayRefused } from "../finding.ts";
import { wholeNumber } from "../options.ts";
import { printExplanation, printPrediction } from "../prediction.ts";
import { findProject, stateOf } from "../project.ts";

/** Something the user can mend, by its code. */
class Refusal extends Error {
  readonly code: string;
  readonly values: Readonly<Record<string, string>>;
  constructor(code: string, values: Readonly<Record<string, string>>) {
    super(fill(entryOf(code).message, values));
    this.code = code;
    this.values = values;
  }
}

interface Wanted {
  readonly state: string;
  /** What was asked for may mean, in the order of trying: a name, and an alias or a version. */
  readonly meanings: readonly { readonly name: string; readonly reference: string | number }[];
}

export const command: CommandModule = {
  define(command) {
    command
      .argument(
        "<release>",
        "a spec, or a registered name: loan-approval, loan-approval.champion, loan-approval@3",
      )
      .option("--row <json>", "the row, one JSON object")
      .option("--explain", "say why")
      .option("--prompt <text>", "language models: what is asked, through the model's own template")
      .option("--max-tokens <number>", "language models: tokens of the answer at most", "100")
      .option("--temperature <number>", "language models: 0 takes the likeliest token", "0")
      .option("--seed <number>", "language models: another seed draws another answer", "0")
      .option("--project <path>", "the project's folder or spec, when a name is given")
      .addHelpText(
        "after",
        `\nExamples:\n  mlops predict loan-approval --row '{"income": 4200, "area": "rural"}' --explain\n  mlops predict storyteller --prompt "Once upon a time" --temperature 0.8`,
      );
  },
  async run(invocation, [target = ""], options) {
    try {
      return await predict(invocation, target, options);
    } catch (error) {
      const { InputError } = await import("../../runtime/portable/input.ts");
      const { RegistryRefusal } = await import("../../runtime/registry/registry.ts");
      if (error instanceof InputError) {
        const { column, expected, value } = error;
        return refuse(invocation, new Refusal("ML5504", { column, expected, value: JSON.stringify(value) }));
      }
      const { DamagedModel } = await import("../../runtime/portable/fast-bin.ts");
      if (error instanceof DamagedModel) {
        return refuse(invocation, new Refusal("ML5503", { file: error.file, problem: error.problem }));
      }
      if (error instanceof RegistryRefusal) return refuse(invocation, new Refusal(error.code, error.values));
      if (error instanceof Refusal) return refuse(invocation, error);
      throw error;
    }
  },
};

async function predict(
  invocation: Invocation,
  target: string,
  options: Readonly<Record<string, unknown>>,
): Promise<typeof EXIT.done | typeof EXIT.wrong> {
  const wanted = await find(invocation, target, options);
  if (wanted === null) return EXIT.wrong;
  const [{ openRegistry }, { openStore }, { readModel }, { explainRow }] = await Promise.all([
    import("../../runtime/registry/registry.ts"),
    import("../../runtime/store/store.ts"),
    import("../../runtime/portable/read.ts"),
    import("../../runtime/portable/explain.ts"),
  ]);
  using registry = openRegistry(wanted.state);
  const found = wanted.meanings.map(({ name, reference }) => registry.resolve(name, reference));
  const version = found.find((one) => one !== null);
  if (version === undefined) throw new Refusal("ML5506", { release: target });
  const { isLanguageModel } = await import("../../runtime/learn/language/load.ts");
  const isLanguage = isLanguageModel(version.files);
  const missing = options[isLanguage ? "prompt" : "row"] === undefined;
  if (missing || options[isLanguage ? "row" : "prompt"] !== undefined) {
    const release = `${version.name}@${version.version}`;
    const [given, model] = isLanguage ? ["--prompt", "a language model"] : ["--row", "a model of rows"];
    throw new Refusal("ML7104", { wanted: `${given} alone`, release, model });
  }
  if (isLanguage) return answer(invocation, wanted.state, version, options);
  const row = readRow(options["row"]);
  const store = openStore(wanted.state);
  const { model: stored } = await readModel(store, version.files);
  store.close();
  const model = { ...stored, threshold: version.threshold ?? stored.threshold };
  const known = new Set([...model.inputs.map((input) => input.name), model.target]);
  for (const field of Object.keys(row)) {
    if (!known.has(field))
      invocation.terminal.err(`warning[ML5508]: ${fill(entryOf("ML5508").message, { field })}`);
  }
  const absent = model.inputs.filter(({ name, nullable }) => !nullable && (row[name] ?? "") === "");
  if (absent.length > 0) throw new Refusal("ML5509", { columns: absent.map(({ name }) => name).join(", ") });
  const explanation = explainRow(model, row);
  const served = { name: version.name, version: version.version };
  if (invocation.json) {
    const { prediction, ...why } = explanation;
    invocation.terminal.out(
      JSON.stringify(
        {
          model: served.name,
          version: served.version,
          ...(prediction.label === null
            ? { value: finite(prediction.predicted) }
            : { label: prediction.label }),
          ...(prediction.probabilities === null
            ? {}
            : {
                probabilities: Object.fromEntries(
                  model.classes.map((name, k) => [name, finite(prediction.probabilities![k]!)]),
                ),
              }),
          raw: [...prediction.raw].map(finite),
          ...(options["explain"] === true ? { explanation: why } : {}),
        },
        null,
        2,
      ),
    );
    return EXIT.done;
  }
  printPrediction(invocation.terminal, model, served, explanation);
  if (options["explain"] === true) printExplanation(invocation.terminal, model, explanation);
  return EXIT.done;
}

/** What a language model says to `--prompt`. */
async function answer(
  invocation: Invocation,
  state: string,
  version: Version,
  options: Readonly<Record<string, unknown>>,
): Promise<typeof EXIT.done | typeof EXIT.wrong> {
  const max = wholeNumber(invocation, "--max-tokens", options["maxTokens"], 1);
  const seed = wholeNumber(invocation, "--seed", options["seed"], 0);
  if (max == null || seed == null) return EXIT.wrong;
  const temperature = Number(options["temperature"]);
  if (!(temperature >= 0 && temperature <= 2)) {
    const value = String(options["temperature"]);
    sayRefused(invocation, "ML8011", { option: "--temperature", expected: "a number from 0 to 2", value });
    return EXIT.wrong;
  }
  const { answerPrompt } = await import("../predict-language.ts");
  const asked = { prompt: String(options["prompt"]), max, temperature, seed, signal: invocation.signal };
  const said = await answerPrompt(state, version, asked);
  if ("refused" in said) {
    sayRefused(invocation, "ML8011", {
      option: "--prompt",
      expected: said.refused,
      value: asked.prompt.slice(0, 40),
    });
    return EXIT.wrong;
  }
  const document = { model: version.name, version: version.version, ...said };
  invocation.terminal.out(invocation.json ? JSON.stringify(document, null, 2) : said.text);
  return EXIT.done;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function refuse(invocation: Invocation, { code, values }: Refusal): typeof EXIT.wrong {
  sayRefused(invocation, code, values);
  return EXIT.wrong;
}

function readRow(text: unknown): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch (error) {
    throw new Refusal("ML5505", { problem: error instanceof Error ? error.message : String(error) });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Refusal("ML5505", {
    problem: `it is ${Array.isArray(value) ? "a list" : JSON.stringify(value)}`,
  });
}

/** Which model a spec's path or a registered name means; null when the spec has errors (already printed). */
async function find(
  invocation: Invocation,
  target: string,
  options: Readonly<Record<string, unknown>>,
): Promise<Wanted | null> {
  if (target.endsWith(".mlops") && existsSync(resolve(invocation.cwd, target)))
    return findInSpec(invocation, target);
  const place = typeof options["project"] === "string" ? options["project"] : undefined;
  const project = findProject(invocation.cwd, place);
  if (project === null) throw new Refusal("ML5506", { release: target });
  const [, name = target, separator, reference = "champion"] = /^(.*)([.@])([^.@]+)$/.exec(target) ?? [];
  const version = separator === "@" && /^\d+$/.test(reference) ? Number(reference) : reference;
  return {
    state: stateOf(project),
    // A name may have dots of its own.
    meanings: [
      { name: target, reference: "champion" },
      { name, reference: version },
    ],
  };
}

async function findInSpec(invocation: Invocation, spec: string): Promise<Wanted | null> {
  const loaded = await invocation.load(spec);
  if (loaded === null) return null;
  const releases = loaded.program.declarations.filter((declaration) => declaration.kind === "release");
  const [release] = releases;
  if (release === undefined || releases.length > 1) {
    const names = releases.map((one) => one.external ?? one.name);
    throw new Refusal("ML5507", { spec, releases: names.length === 0 ? "none" : names.join(" and ") });
  }
  const alias = release.props["alias"];
  return {
    state: stateOf(loaded.project),
    meanings: [
      { name: release.external ?? release.name, reference: typeof alias === "string" ? alias : "champion" },
    ],
  };
}
