/** Where and how a deployment is reached. */
import type { Note, NoteRule } from "../../language/diff/model.ts";
import { Writer } from "../../language/diff/text.ts";
import type { Declaration } from "../../language/ir/program.ts";
import type { Vocabulary } from "../../language/vocabulary/kind.ts";
import { fieldsOf } from "../../language/vocabulary/schema.ts";
import { called, pairsOf } from "./pairs.ts";

/** Attributes of the place, in the order of a URL. */
const PLACE = ["host", "port", "path"] as const;
/** A smaller value refuses requests that were taken. */
const LIMITS = ["body_limit", "batch_limit", "rate_limit"] as const;

export const routesChange: NoteRule = (context) =>
  pairsOf(context, "deployment").flatMap(({ before, after }) => {
    const about = (level: Note["level"], topic: string, message: string): Note => ({
      level,
      topic,
      declaration: after.id,
      message: `${called(after)} ${message}`,
    });
    const notes: Note[] = [];
    if (PLACE.some((name) => before.props[name] !== after.props[name]))
      notes.push(about("breaking", "route", `answers at ${urlOf(after)}, and no more at ${urlOf(before)}`));
    const [had, has] = [before.props["token"], after.props["token"]];
    if (had == null && has != null)
      notes.push(about("breaking", "route", "asks for a token: callers without one are refused"));
    if (had != null && has == null)
      notes.push(about("caution", "route", "asks for no token any more: anybody who reaches it is answered"));
    for (const name of LIMITS) {
      if (!smaller(before.props[name], after.props[name])) continue;
      const text = (one: Declaration) => valueText(one, name, context.vocabulary);
      notes.push(
        about(
          "breaking",
          "route",
          `takes less: ${name} ${text(before)} → ${text(after)} refuses what was taken`,
        ),
      );
    }
    return notes;
  });

function urlOf({ props }: Declaration): string {
  return `${String(props["host"])}:${String(props["port"])}${String(props["path"])}`;
}

/** Nothing said is no limit. */
function smaller(before: unknown, after: unknown): boolean {
  return typeof after === "number" && (typeof before !== "number" || after < before);
}

function valueText({ kind, variant, props }: Declaration, name: string, vocabulary: Vocabulary): string {
  const schema = vocabulary.kinds[kind]?.variants[variant ?? kind]?.schema;
  const field = schema === undefined ? undefined : fieldsOf(schema).find((one) => one.name === name);
  const value = props[name];
  return field === undefined || value == null ? "none" : new Writer(vocabulary).text(field, value);
}
