/** Rows that models are judged on: when others are, numbers before and after do not compare. */
import type { DeclarationDiff, Note, NoteContext, NoteRule } from "../../language/diff/model.ts";
import { reached, usersOf } from "../../language/ir/order.ts";
import { and, called } from "./pairs.ts";

/** Attributes of a dataset that say which rows there are and which of them belong to a part. */
const SPLIT = /^split(\.|$| order)/;
const SOURCE = /^(variant|path|table|query|from|on_bad_row|unit|missing|header|delimiter)$/;

export const rowsChange: NoteRule = (context) => [
  ...context.declarations.flatMap((diff) => datasetNotes(context, diff)),
  ...context.declarations.flatMap((diff) => evaluationNotes(context, diff)),
];

function datasetNotes(context: NoteContext, { id, kind, status, after, changes }: DeclarationDiff): Note[] {
  if (kind !== "dataset" || status !== "changed" || after === null) return [];
  const judged = evaluationsBehind(context, id);
  if (judged.length === 0) return [];
  const split = changes.some(({ path }) => SPLIT.test(path));
  const source = changes.some(({ path }) => SOURCE.test(path));
  if (!split && !source) return [];
  const why = split
    ? "is split in another way: rows move between its parts"
    : "is read from elsewhere or in another way";
  const message = `${called(after)} ${why}, and the metrics of ${and(judged)} do not compare with earlier ones`;
  return [{ level: "caution", topic: "rows", declaration: id, message }];
}

function evaluationNotes({ find }: NoteContext, { id, kind, status, changes }: DeclarationDiff): Note[] {
  const declaration = find("after", id);
  if (kind !== "evaluation" || status !== "changed" || declaration === null) return [];
  const moved = changes.filter(
    ({ path }) => ["data", "threshold", "threshold_on"].includes(path) || path.startsWith("cost"),
  );
  if (moved.length === 0) return [];
  const what = and([...new Set(moved.map(({ path }) => path.split(".")[0] ?? path))]);
  const message = `${called(declaration)} judges in another way (${what}): its numbers do not compare with earlier ones`;
  return [{ level: "caution", topic: "rows", declaration: id, message }];
}

/** Evaluations that were there before and judge rows of this dataset. */
function evaluationsBehind({ after, matched }: NoteContext, dataset: string): string[] {
  const users = usersOf(after.declarations);
  const behind = reached([dataset], (id) => users.get(id) ?? []);
  return after.declarations
    .filter(({ id, kind }) => kind === "evaluation" && behind.has(id) && matched.has(id))
    .map(({ name }) => name);
}
