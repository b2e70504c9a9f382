/** From a spec's deployment to the language model that it serves. */
import type { Declaration, Program } from "../../../language/ir/program.ts";
import type { Deployment } from "../../../stdlib/kinds/deployment.ts";
import { type RegistryReader, StepFailure } from "../../execute/step.ts";
import type { Generation } from "../../learn/language/artifact.ts";
import { FILES } from "../../learn/language/artifact.ts";
import { isLanguageModel, type LanguageModel, loadLanguageModel } from "../../learn/language/load.ts";
import type { Prompt } from "../../learn/language/prompt.ts";
import { type Architecture, readArchitecture } from "../../network/artifact.ts";
import type { Digest, Store } from "../../store/types.ts";
import { resolveVersion, tokenOf } from "../resolve.ts";
import { type LanguageManifest, makeLanguageManifest } from "./manifest.ts";
import type { ServedLanguage } from "./serving.ts";

export interface ResolvedLanguage {
  readonly manifest: LanguageManifest;
  readonly files: Readonly<Record<string, Digest>>;
}

/** Whether a deployment of this spec speaks OpenAI's protocol. */
export const speaksOpenAi = (declaration: Declaration): boolean =>
  (declaration.props as unknown as Deployment).protocol === "openai";

/** Everything of a deployment but its weights and its secret. @throws StepFailure ML7001, ML7100, ML7102, ML7103 */
export async function resolveLanguage(
  program: Program,
  declaration: Declaration,
  store: Store,
  registry: RegistryReader,
): Promise<ResolvedLanguage> {
  const props = declaration.props as unknown as Deployment;
  const version = resolveVersion(program, declaration, props.release, registry);
  const release = `${version.name}@${version.version}`;
  const fail = (code: string, values: Record<string, string>, pointer: string): never => {
    throw new StepFailure({ code, values, declaration: declaration.id, pointer });
  };
  if (!isLanguageModel(version.files)) fail("ML7100", { release }, "/protocol");
  const { architecture, generation } = await readFace(store, version.files, release, declaration);
  const declared = promptOf(program, props);
  if (declared !== null && generation.prompt !== null && declared.template !== generation.prompt.template)
    fail("ML7102", { prompt: nameOf(props), release }, "/prompt");
  const face = {
    kind: architecture.kind,
    context: architecture.context,
    vocabulary: architecture.vocabulary,
    prompt: declared ?? generation.prompt,
    stop: generation.stop,
  };
  const name = declaration.external ?? declaration.name;
  return { manifest: makeLanguageManifest(name, props, version, face), files: version.files };
}

const nameOf = ({ prompt }: Deployment): string => (prompt?.ref ?? "").replace(/^prompt\./, "");

/** The deployment's own prompt, as the spec declares it. */
function promptOf(program: Program, { prompt }: Deployment): Prompt | null {
  if (prompt === undefined) return null;
  const found = program.declarations.find(({ id }) => id === prompt.ref);
  if (found === undefined) throw new Error(`no declaration ${prompt.ref}`);
  const { input, template, output = [] } = found.props as unknown as Prompt & { output?: Prompt["output"] };
  return { input, template, output };
}

async function readFace(
  store: Store,
  files: Readonly<Record<string, Digest>>,
  release: string,
  declaration: Declaration,
): Promise<{ readonly architecture: Architecture; readonly generation: Generation }> {
  try {
    return {
      architecture: readArchitecture(await store.readText(files[FILES.architecture]!)),
      generation: await store.readJson<Generation>(files[FILES.generation]!),
    };
  } catch (error) {
    throw damaged(error, release, declaration);
  }
}

/** A released model that is not what its step wrote. */
function damaged(error: unknown, release: string, declaration: Declaration): StepFailure {
  const problem = error instanceof Error ? error.message : String(error);
  const values = { release, problem };
  return new StepFailure({ code: "ML7103", values, declaration: declaration.id, pointer: "/release" }, 3);
}

/**
 * A deployment ready for `startServer`: its weights are loaded, its token read from the environment.
 * @throws StepFailure, ML7002 when the secret is not set
 */
export async function serveLanguage(
  program: Program,
  declaration: Declaration,
  place: {
    readonly store: Store;
    readonly registry: RegistryReader;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly threads: number;
  },
): Promise<ServedLanguage> {
  const { manifest, files } = await resolveLanguage(program, declaration, place.store, place.registry);
  const token = tokenOf(manifest.token, declaration, place.environment);
  const { openGenerator } = await import("../../generate/generator.ts");
  let model: LanguageModel;
  try {
    model = await loadLanguageModel(place.store, files);
  } catch (error) {
    throw damaged(error, `${manifest.release}@${manifest.version}`, declaration);
  }
  const { threads } = place;
  const generator = await openGenerator(model, { engine: "auto", threads, maxBatch: manifest.limits.batch });
  const { end, embedding } = model.generation;
  const normalize = embedding?.normalize ?? true;
  return { manifest, generator, tokenizer: model.tokenizer, end, normalize, token };
}
