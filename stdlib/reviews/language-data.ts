/** Whether the rows that a language model learns from, or is judged on, have what it reads of them. */
import { listed } from "../../language/check/suggest.ts";
import type { Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import { placeholdersOf } from "../../language/vocabulary/placeholders.ts";
import type { Reference } from "../../language/vocabulary/types.ts";
import type { Evaluation } from "../kinds/evaluation.ts";
import type { Prompt } from "../kinds/prompt.ts";
import { textColumn } from "./corpus.ts";
import { columnsOf } from "./rows.ts";

type Of = (reference: Reference) => Neighbour | null;

/** What the variants may say of the columns that they read. */
interface Reader {
  readonly data?: Reference;
  readonly validate?: Reference;
  readonly tokenizer?: Reference;
  readonly column?: string;
  readonly encode?: string;
  readonly decode?: string;
  readonly prompt?: Reference;
  readonly completion?: string;
  readonly chosen?: string;
  readonly rejected?: string;
}

/** A model that continues texts. */
const continues = (model: Reader): boolean => model.tokenizer !== undefined && model.encode === undefined;

/** The rows that a model learns from, and those by which it is stopped. */
export function reviewLearningRows(model: Reader, of: Of): Objection[] {
  return (["data", "validate"] as const).flatMap((attribute) => {
    const data = model[attribute];
    if (data === undefined) return [];
    if (continues(model)) return reviewText(data, model.column, attribute, of);
    const missing = lacking(data, [model.chosen, model.rejected], of);
    return missing === null ? [] : [absent(data, missing, attribute, of)];
  });
}

function reviewText(data: Reference, column: string | undefined, attribute: string, of: Of): Objection[] {
  const columns = columnsOf(data, of);
  if (columns === undefined) return [];
  const found = textColumn({ ...data, ...(column === undefined ? {} : { column }) }, columns);
  return typeof found === "string"
    ? []
    : [{ code: "ML4204", values: found.values, pointer: `/${attribute}` }];
}

/** The first of these columns that the data does not have. */
function lacking(data: Reference, names: readonly (string | undefined)[], of: Of): string | null {
  const columns = columnsOf(data, of);
  const known = columns?.map(({ name }) => name);
  return names.find((name) => name !== undefined && known?.includes(name) === false) ?? null;
}

function absent(data: Reference, column: string, attribute: string, of: Of): Objection {
  const dataset = data.ref.slice(data.ref.indexOf(".") + 1);
  const known = listed((columnsOf(data, of) ?? []).map(({ name }) => `\`${name}\``));
  return {
    code: "ML2020",
    values: { column, where: `the dataset \`${dataset}\``, near: "", known },
    pointer: `/${attribute}`,
  };
}

const ANSWERS: readonly string[] = ["exact_match", "bleu", "rouge_l"];
const PAIRS: readonly string[] = ["pair_accuracy"];

/** The rows on which a language model is judged, and whether it can be asked at all. */
export function reviewJudgedRows(props: Evaluation, name: string, model: Neighbour, of: Of): Objection[] {
  const reader: Reader = model.props;
  const asked = (group: readonly string[]) =>
    props.metrics.find((metric) => group.includes(metric.name))?.name;
  const [answers, pairs] = [asked(ANSWERS), asked(PAIRS)];
  const refuse = (metric: string, problem: string, pointer: string): Objection[] => [
    { code: "ML6102", values: { evaluation: name, model: model.name, metric, problem }, pointer },
  ];
  if (continues(reader)) {
    const metric = pairs ?? answers;
    if (metric !== undefined) return refuse(metric, "only continues texts", "/model");
    return reviewText(props.data, reader.column, "data", of);
  }
  const metric = pairs ?? answers;
  const prompt = reader.prompt === undefined ? null : of(reader.prompt);
  if (metric === undefined || prompt === null) return [];
  const { template, output = [] } = prompt.props as unknown as Prompt; // the checker accepted it as such
  const learnt = "chosen" in reader ? [] : [reader.completion ?? output[0]?.name];
  const { chosen = "chosen", rejected = "rejected" } = reader;
  const read = pairs === undefined ? learnt : [chosen, rejected];
  const missing = lacking(props.data, [...placeholdersOf(template), ...read], of);
  return missing === null ? [] : refuse(metric, `reads the column ${missing}, which the data lacks`, "/data");
}
