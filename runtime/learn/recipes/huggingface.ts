/** `model: huggingface`: a model of a Hugging Face folder, in our form. */
import { resolve } from "node:path";
import type { HuggingfaceModel } from "../../../stdlib/kinds/language-models.ts";
import { type StepContext, StepFailure, type StepResult } from "../../execute/step.ts";
import { folderFiles } from "../../network/huggingface/files.ts";
import { type Folder, readFolder } from "../../network/huggingface/folder.ts";
import { HuggingFaceProblem } from "../../network/huggingface/problem.ts";
import { modelOf } from "../../network/huggingface/read.ts";
import { TokenizerProblem } from "../../text/tokenizer/problem.ts";
import { readTokenizerJson } from "../../text/tokenizer/read.ts";
import { type Tokenizer, tokenizerFromJson } from "../../text/tokenizer/tokenizer.ts";
import { countOf, type Generation, writeLanguageModel } from "../language/artifact.ts";
import { endOfText } from "../language/specials.ts";

/**
 * Outputs a language model's files; nothing is trained.
 * @throws StepFailure ML5250–ML5256
 */
export async function run(context: StepContext): Promise<StepResult> {
  const { path, context: wanted } = context.props as unknown as HuggingfaceModel; // the checker accepted it as such
  try {
    const files = folderFiles(resolve(context.project, path), path);
    const folder = readFolder(files, path);
    const tokenizer = tokenizerOf(files.tokenizer, path);
    const { family, architecture, weights } = modelOf(folder.config, folder.tensors, path, wanted ?? null);
    if (tokenizer.size > architecture.vocabulary) {
      const problem = `it has ${tokenizer.size} ids, and the model's embedding holds ${architecture.vocabulary}`;
      throw new HuggingFaceProblem("ML5256", { path, problem });
    }
    const end = folder.ends.find((id) => id < architecture.vocabulary) ?? endOfText(tokenizer.specials);
    const parameters = countOf(weights.values());
    context.log(`${family}, ${parameters} parameters`);
    return {
      outputs: await writeLanguageModel(context.store, {
        architecture,
        weights,
        adapter: null,
        tokenizer,
        generation: { format: 1, prompt: null, completion: null, stop: [], end, ...embeddingOf(folder) },
        history: null,
      }),
      summary: {
        task: architecture.kind === "encoder" ? "embedding" : "language",
        family,
        parameters,
        vocabulary: architecture.vocabulary,
        context: architecture.context,
        ...(folder.pooling === null ? {} : { pooling: folder.pooling }),
      },
    };
  } catch (error) {
    if (!(error instanceof HuggingFaceProblem)) throw error;
    const { code, values } = error;
    throw new StepFailure({ code, values, declaration: context.declaration.id, pointer: "/path" });
  }
}

/** What a sentence encoder's folder says; nothing where it says nothing. */
const embeddingOf = ({ pooling, normalize }: Folder): Pick<Generation, "embedding"> =>
  pooling === null && normalize === null
    ? {}
    : { embedding: { pooling: pooling ?? "mean", normalize: normalize ?? true } };

function tokenizerOf(files: readonly string[], path: string): Tokenizer {
  try {
    return tokenizerFromJson(readTokenizerJson(files));
  } catch (error) {
    if (error instanceof TokenizerProblem)
      throw new HuggingFaceProblem("ML5256", { path, problem: error.message });
    throw error;
  }
}
