/** `mlops export jsonl`: rows put in a prompt, as a versioned JSON Lines file. */
import { basename, relative, resolve } from "node:path";
import { nearest } from "../../language/check/suggest.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import { StepFailure } from "../../runtime/execute/step.ts";
import { collides, jsonLines, VERSION, writeVersion } from "../../runtime/learn/language/jsonl.ts";
import { type Prompt, placeholders } from "../../runtime/learn/language/prompt.ts";
import { textRows } from "../../runtime/learn/language/rows.ts";
import { EXIT, type ExitCode, type Invocation } from "../command.ts";
import type { ExportFormat } from "../commands/export.ts";
import { printFindings, refuse } from "../finding.ts";
import { type ExportPlace, withResults } from "./results.ts";

interface Asked {
  readonly prompt: Declaration;
  readonly dataset: Declaration;
  readonly part: string | null;
  readonly completion: string | null;
  readonly to: string;
}

export const format: ExportFormat = {
  run(invocation, { spec, what, to }, options) {
    let asked: Asked | null = null;
    return withResults(
      invocation,
      spec,
      options,
      (program) => {
        asked = askedOf(invocation, program, what, to, options);
        return asked?.dataset.id ?? null;
      },
      (place) => write(invocation, place, asked!),
    );
  },
};

/** Null when something of it is not there, after it has been said. */
function askedOf(
  invocation: Invocation,
  program: Program,
  what: string,
  to: string,
  options: Readonly<Record<string, unknown>>,
): Asked | null {
  if (basename(to).split(VERSION).length !== 2) {
    const expected = `a path with ${VERSION} once in its file name`;
    refuse(invocation, "ML8011", { option: "--to", expected, value: to });
    return null;
  }
  const { completion } = options;
  const [name = "", part = null] = what.replace(/^dataset\./, "").split(".");
  const dataset = named(invocation, program, "dataset", name);
  if (dataset === null) return null;
  if (typeof options["prompt"] !== "string") {
    const prompts = program.declarations.filter(({ kind }) => kind === "prompt").map((one) => one.name);
    const known = prompts.length === 0 ? "" : `: ${prompts.join(", ")}`;
    refuse(invocation, "ML8011", {
      option: "--prompt",
      expected: `the name of a prompt${known}`,
      value: "nothing",
    });
    return null;
  }
  const prompt = named(invocation, program, "prompt", options["prompt"]);
  if (prompt === null) return null;
  return { prompt, dataset, part, completion: typeof completion === "string" ? completion : null, to };
}

function named(invocation: Invocation, program: Program, kind: string, name: string): Declaration | null {
  const found = program.declarations.find((one) => one.kind === kind && one.name === name);
  if (found !== undefined) return found;
  const known = program.declarations.filter((one) => one.kind === kind).map((one) => one.name);
  const near = nearest(name, known);
  const hint =
    near !== null ? `; did you mean \`${near}\`?` : known.length > 0 ? ` (${kind}: ${known.join(", ")})` : "";
  refuse(invocation, "ML8012", { name, known: hint });
  return null;
}

async function write(invocation: Invocation, place: ExportPlace, asked: Asked): Promise<ExitCode> {
  const { terminal, json, cwd } = invocation;
  const prompt = asked.prompt.props as unknown as Prompt; // the checker accepted it as such
  const context = { program: place.program, inputs: place.results, store: place.store, threads: 1 };
  const reference = { ref: asked.dataset.id, ...(asked.part === null ? {} : { part: asked.part }) };
  try {
    const rows = await textRows(context, reference);
    const columns = Object.keys(rows[0]?.values ?? {});
    const wanted = [
      ...placeholders(prompt.template),
      ...(asked.completion === null ? [] : [asked.completion]),
    ];
    // Says which column is missing, and which is near.
    await textRows(context, reference, wanted);
    const taken = collides(columns);
    if (taken !== null) {
      refuse(invocation, "ML5279", { column: taken, dataset: asked.dataset.name });
      return EXIT.wrong;
    }
    const written = writeVersion(resolve(cwd, asked.to), jsonLines(rows, prompt, asked.completion));
    const file = relative(cwd, written.file) || written.file;
    const { version, digest, made } = written;
    if (json) terminal.out(JSON.stringify({ file, version, digest, made, rows: rows.length }, null, 2));
    else {
      terminal.out(`${file}: ${made ? "" : "as it was, "}version ${version}, ${rows.length} rows`);
      terminal.out(digest);
    }
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    await printFindings(invocation, place.program, [error.diagnostic]);
    return error.exit;
  }
}
