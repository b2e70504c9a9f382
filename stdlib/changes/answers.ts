/** What is predicted, and what an answer means. */
import type { Note, NoteContext, NoteRule } from "../../language/diff/model.ts";
import { canonicalJson } from "../../language/ir/canonical.ts";
import { tasksOf } from "../../language/vocabulary/task.ts";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { and, called, pairsOf } from "./pairs.ts";
import { targetOf } from "./request-columns.ts";

export const answersChange: NoteRule = (context) =>
  pairsOf(context, "model").flatMap(({ before, after }): Note[] => {
    const [old, now] = [targetOf(context, "before", before), targetOf(context, "after", after)];
    if (old === null || now === null) return [];
    const what = difference(old, now);
    if (what === null) return [];
    const level = endsOf(context, after.id).length > 0 ? "breaking" : "caution";
    const ends = endsOf(context, after.id);
    const whom =
      ends.length === 0 ? "" : `; ${and(ends)} ${ends.length === 1 ? "answers" : "answer"} with it`;
    return [{ level, topic: "label", declaration: after.id, message: `${called(after)} ${what}${whom}` }];
  });

function difference(before: ColumnSchema, after: ColumnSchema): string | null {
  if (before.name !== after.name) return `predicts ${after.name}, and predicted ${before.name}`;
  if (
    canonicalJson([...tasksOf(before)]) !== canonicalJson([...tasksOf(after)]) ||
    before.type !== after.type
  )
    return `predicts ${after.name} as ${after.type}, and did as ${before.type}`;
  if (before.positive !== after.positive) {
    const [was, is] = [before.positive, after.positive].map((one) =>
      one === null ? "none" : JSON.stringify(one),
    );
    return `takes ${is} of ${after.name} for the positive class, and took ${was}: f1, precision, recall and probabilities mean the other class`;
  }
  if (canonicalJson(before.values) !== canonicalJson(after.values))
    return `predicts other classes of ${after.name}`;
  return null;
}

/** Deployments and batches that answer with a model. */
function endsOf({ declarations, after }: NoteContext, model: string): string[] {
  const reached = declarations.flatMap(({ reaches }) => reaches).map(({ id }) => id);
  const ends = after.declarations.filter(({ id, kind }) => reached.includes(id) && ANSWERING.has(kind));
  return ends.filter((end) => leadsTo(after.declarations, end.id, model)).map(called);
}

const ANSWERING = new Set(["deployment", "batch"]);

function leadsTo(declarations: NoteContext["after"]["declarations"], from: string, to: string): boolean {
  const release = declarations.find(({ id }) => id === from)?.refs ?? [];
  return release.some((id) => {
    const model = declarations.find((one) => one.id === id)?.props["model"];
    return typeof model === "object" && model !== null && "ref" in model && model.ref === to;
  });
}
