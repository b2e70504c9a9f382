/** What a language model cannot learn from, told from the declarations that it reads. */
import { listed, nearest } from "../../language/check/suggest.ts";
import type { Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import type { Layer } from "../../language/vocabulary/layer.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import type { Prompt } from "../kinds/prompt.ts";
import { reviewLearningRows } from "./language-data.ts";
import { columnsOf, emptyPart } from "./rows.ts";

type Of = (reference: Reference) => Neighbour | null;

/** What the variants have in common, and some only. */
interface LanguageModel {
  readonly data?: Reference;
  readonly validate?: Reference;
  readonly architecture?: Reference;
  readonly tokenizer?: Reference;
  readonly encode?: string;
  readonly decode?: string;
  readonly base?: Reference;
  readonly prompt?: Reference;
  readonly completion?: string;
  readonly reward?: Reference;
  readonly adapter?: unknown;
  readonly freeze?: number;
}

export function reviewLanguageModel(props: object, name: string, of: Of): Objection[] {
  const model = props as LanguageModel; // one of the variants that learn language
  return [
    ...reviewEnds(model),
    ...reviewVocabulary(model, name, of),
    ...reviewBase("base", model.base, of),
    ...reviewBase("reward", model.reward, of),
    ...reviewPrompt(model, of),
    ...reviewFrozen(model),
    ...reviewLearningRows(model, of),
    ...emptyPart(model.data, "/data", of),
    ...emptyPart(model.validate, "/validate", of),
  ];
}

/** What is read and what is written come together. */
function reviewEnds({ encode, decode }: LanguageModel): Objection[] {
  if ((encode === undefined) === (decode === undefined)) return [];
  const given = encode === undefined ? "decode" : "encode";
  const missing = encode === undefined ? "encode" : "decode";
  return [{ code: "ML3138", values: { given, missing }, pointer: `/${given}` }];
}

const isFrozenTwice = ({ adapter, freeze }: LanguageModel): boolean =>
  adapter !== undefined && freeze !== undefined;

function reviewFrozen(model: LanguageModel): Objection[] {
  if (!isFrozenTwice(model)) return [];
  const problem = "has no effect with `adapter`, which leaves all of the base's weights as they are";
  return [{ code: "ML2016", values: { attribute: "freeze", problem }, pointer: "/freeze" }];
}

/** Every layer, outer before inner. */
const flat = (layers: readonly Layer[]): readonly Layer[] =>
  layers.flatMap((layer) => [layer, ...flat(layer.layers ?? [])]);

/** The embedding holds every id of the tokenizer, and an encoder has something to read. */
function reviewVocabulary(model: LanguageModel, name: string, of: Of): Objection[] {
  const declared = model.architecture === undefined ? null : of(model.architecture);
  const tokenizer = model.tokenizer === undefined ? null : of(model.tokenizer);
  if (declared === null) return [];
  const layers = flat(declared.props["layers"] as readonly Layer[]); // the checker accepted it as such
  const found: Objection[] = [];
  const encodes = layers.some(({ layer }) => layer === "encoder");
  const decodes = layers.some(({ layer }) => layer === "decoder");
  if (encodes && decodes && model.encode === undefined)
    found.push({ code: "ML3139", values: { model: name }, pointer: "/architecture" });
  if (!(encodes && decodes) && model.encode !== undefined)
    found.push({ code: "ML3140", values: { architecture: declared.name }, pointer: "/encode" });
  if (tokenizer === null) return found;
  const known = tokenizer.props["vocabulary"];
  for (const { layer, args } of layers) {
    if (layer !== "embedding") continue;
    const { vocabulary } = args;
    if (typeof vocabulary === "object" && vocabulary.ref !== model.tokenizer?.ref) {
      const other = vocabulary.ref.slice(vocabulary.ref.indexOf(".") + 1);
      const values = { model: name, tokenizer: tokenizer.name, other };
      found.push({ code: "ML3141", values, pointer: "/tokenizer" });
    } else if (typeof vocabulary === "number" && typeof known === "number" && known > vocabulary) {
      const values = { tokenizer: tokenizer.name, size: String(known), vocabulary: String(vocabulary) };
      found.push({ code: "ML3142", values, pointer: "/tokenizer" });
    }
  }
  return found;
}

function reviewBase(attribute: "base" | "reward", reference: Reference | undefined, of: Of): Objection[] {
  const base = reference === undefined ? null : of(reference);
  const tasks = base?.tasks ?? null;
  if (base === null || tasks === null || tasks.length === 0) return [];
  const wanted = attribute === "reward" ? "preference" : "language";
  const fits = tasks.includes(wanted) || (wanted === "language" && tasks.includes("sequence"));
  if (fits) return [];
  const needed = attribute === "reward" ? "a `reward` model" : "a language model";
  return [{ code: "ML3143", values: { attribute, needed, found: base.name }, pointer: `/${attribute}` }];
}

/** Every input of the prompt is a column of the examples, and so is the answer. */
function reviewPrompt(model: LanguageModel, of: Of): Objection[] {
  const declared = model.prompt === undefined ? null : of(model.prompt);
  const columns = model.data === undefined ? undefined : columnsOf(model.data, of);
  if (declared === null) return [];
  const prompt = declared.props as unknown as Prompt; // the checker accepted it as such
  const found: Objection[] = columns === undefined ? [] : lackingInputs(declared.name, prompt, columns);
  return [...found, ...reviewCompletion(model, declared.name, prompt, columns)];
}

function lackingInputs(
  name: string,
  prompt: Prompt,
  columns: readonly Pick<ColumnSchema, "name">[],
): Objection[] {
  const known = columns.map((column) => column.name);
  return prompt.input
    .filter((input) => !known.includes(input.name))
    .map((input) => {
      const near = nearest(input.name, known);
      const hint = near === null ? `it has ${listed(known, "and")}` : `did you mean \`${near}\`?`;
      return { code: "ML3144", values: { prompt: name, input: input.name, hint }, pointer: "/prompt" };
    });
}

/** Fine-tuning learns one column: the one named, or that of the prompt's one output. */
function reviewCompletion(
  model: LanguageModel,
  name: string,
  prompt: Prompt,
  columns: readonly Pick<ColumnSchema, "name">[] | undefined,
): Objection[] {
  const learnsAnswers = !("chosen" in model) && !("reward" in model) && model.base !== undefined;
  if (!learnsAnswers || model.completion !== undefined) return [];
  const outputs = prompt.output ?? [];
  const [only] = outputs;
  if (outputs.length !== 1 || only === undefined) {
    const count = outputs.length === 0 ? "no output" : `${outputs.length} outputs`;
    return [{ code: "ML3145", values: { prompt: name, problem: `has ${count}` }, pointer: "/prompt" }];
  }
  if (columns === undefined || columns.some((column) => column.name === only.name)) return [];
  const problem = `answers with \`${only.name}\`, which is no column of the data`;
  return [{ code: "ML3145", values: { prompt: name, problem }, pointer: "/prompt" }];
}
