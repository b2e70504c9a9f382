/** `mlops export huggingface`: a language model as a folder that `transformers` loads. */
import { relative, resolve } from "node:path";
import { nearest } from "../../language/check/suggest.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import { isLanguageModel, loadLanguageModel } from "../../runtime/learn/language/load.ts";
import { writeFolder } from "../../runtime/network/huggingface/folder.ts";
import { HuggingFaceProblem } from "../../runtime/network/huggingface/problem.ts";
import { writtenModel } from "../../runtime/network/huggingface/write.ts";
import { EXIT, type ExitCode, type Invocation } from "../command.ts";
import type { ExportFormat } from "../commands/export.ts";
import { refuse } from "../finding.ts";
import { type ExportPlace, withResults } from "./results.ts";

export const format: ExportFormat = {
  run(invocation, { spec, what, to }, options) {
    let asked: Declaration | null = null;
    return withResults(
      invocation,
      spec,
      options,
      (program) => {
        asked = modelNamed(invocation, program, what);
        return asked?.id ?? null;
      },
      (place) => write(invocation, place, asked!, to),
    );
  },
};

/** Null, and said, when there is no such model. */
function modelNamed(invocation: Invocation, program: Program, name: string): Declaration | null {
  const models = program.declarations.filter(({ kind }) => kind === "model");
  const found = models.find((one) => one.name === name || one.id === name);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    models.map((one) => one.name),
  );
  const known = near === null ? "" : `; did you mean \`${near}\`?`;
  refuse(invocation, "ML8012", { name, known });
  return null;
}

async function write(
  invocation: Invocation,
  { store, results }: ExportPlace,
  model: Declaration,
  to: string,
): Promise<ExitCode> {
  const { terminal, json, cwd } = invocation;
  const files = results.get(model.id)!.outputs;
  if (!isLanguageModel(files)) {
    refuse(invocation, "ML5257", { name: model.name, found: `a \`${model.variant}\`` });
    return EXIT.wrong;
  }
  const { architecture, weights, tokenizer, generation } = await loadLanguageModel(store, files);
  const folder = resolve(cwd, to);
  try {
    const written = writtenModel(architecture.layers, weights);
    const end =
      generation.end === null ? null : { id: generation.end, token: tokenizer.token(generation.end) };
    const names = writeFolder(folder, written, { json: tokenizer.toJson(), end });
    const shown = relative(cwd, folder) || ".";
    const facts = { folder: shown, architecture: written.family, files: names };
    terminal.out(json ? JSON.stringify(facts, null, 2) : `${shown}: ${written.family}, ${names.join(", ")}`);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof HuggingFaceProblem)) throw error;
    refuse(invocation, error.code, error.values);
    return EXIT.wrong;
  }
}
