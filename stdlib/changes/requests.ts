/** What callers of a deployment must send. */
import type { Note, NoteContext, NoteRule } from "../../language/diff/model.ts";
import type { Declaration } from "../../language/ir/program.ts";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { and, called, follow, pairsOf } from "./pairs.ts";
import { requestColumns } from "./request-columns.ts";

export const requestsChange: NoteRule = (context) =>
  pairsOf(context, "deployment").flatMap(({ before, after }): Note[] => {
    const [old, now] = [asked(context, "before", before), asked(context, "after", after)];
    if (old === null || now === null) return [];
    const breaks = [
      ...grouped(
        "needs",
        [...now.values()].filter((field) => field.required && !old.get(field.name)?.required),
        (field) => (old.has(field.name) ? `${field.name} (was optional)` : field.name),
      ),
      ...[...now.values()].flatMap((field) => {
        const was = old.get(field.name);
        return was === undefined ? [] : narrower(was, field);
      }),
    ];
    const gone = [...old.keys()].filter((name) => !now.has(name));
    const more = [...now.values()].filter((field) => !field.required && !old.has(field.name));
    const notes: Note[] = [];
    const about = (level: Note["level"], topic: string, what: string): void =>
      void notes.push({ level, topic, declaration: after.id, message: `${called(after)} ${what}` });
    if (breaks.length > 0) about("breaking", "request", `takes other requests: it ${and(breaks)}`);
    if (gone.length > 0)
      about("breaking", "request", `no longer reads ${and(gone)}: callers send it in vain`);
    if (more.length > 0)
      about(
        "caution",
        "request",
        `may also be sent ${and(more.map(({ name }) => name))}: missing until callers do`,
      );
    return notes;
  });

interface AskedField {
  readonly name: string;
  readonly required: boolean;
  readonly column: ColumnSchema;
}

function asked(
  context: NoteContext,
  side: "before" | "after",
  deployment: Declaration,
): ReadonlyMap<string, AskedField> | null {
  const model = follow(context, side, follow(context, side, deployment, "release"), "model");
  const columns = requestColumns(context, side, model);
  if (columns === null) return null;
  const all = deployment.props["missing"] === "refuse";
  return new Map(
    [...columns].map(([name, column]) => [name, { name, column, required: all || !column.nullable }]),
  );
}

function grouped(word: string, fields: readonly AskedField[], text: (field: AskedField) => string): string[] {
  return fields.length === 0 ? [] : [`${word} ${and(fields.map(text))}`];
}

/** Values that were taken and are not any more. */
function narrower({ column: before }: AskedField, { name, column: after }: AskedField): string[] {
  if (before.type !== after.type) return [`takes ${name} as ${after.type}, not ${before.type}`];
  const taken = before.values;
  const lost = after.values === null ? [] : (taken ?? []).filter((one) => !after.values?.includes(one));
  const found: string[] = [];
  if (after.values !== null && taken === null)
    found.push(`takes only ${and(after.values.map((one) => JSON.stringify(one)))} for ${name}`);
  if (lost.length > 0) found.push(`refuses ${and(lost.map((one) => JSON.stringify(one)))} for ${name}`);
  if (after.min !== null && (before.min === null || after.min > before.min))
    found.push(`refuses ${name} under ${after.min}`);
  if (after.max !== null && (before.max === null || after.max < before.max))
    found.push(`refuses ${name} over ${after.max}`);
  if (before.format !== after.format) found.push(`reads ${name} in another format`);
  return found;
}
