/** The files that batches write for others. */
import type { Note, NoteRule } from "../../language/diff/model.ts";
import { called, pairsOf } from "./pairs.ts";

export const batchesChange: NoteRule = (context) =>
  pairsOf(context, "batch").flatMap(({ before, after }): Note[] => {
    const notes: Note[] = [];
    const about = (message: string) =>
      void notes.push({
        level: "breaking",
        topic: "batch",
        declaration: after.id,
        message: `${called(after)} ${message}`,
      });
    const [was, is] = [before.props["output"], after.props["output"]];
    if (was !== is) about(`writes ${String(is)}, and ${String(was)} is written no more`);
    const [had, has] = [before, after].map(({ props }) => [...((props["include"] ?? []) as string[])].sort());
    const [all, some] = [before.props["include"] === undefined, after.props["include"] === undefined];
    if (had?.join("\n") !== has?.join("\n") || all !== some) about("writes other columns");
    if (before.props["top"] !== after.props["top"]) about("writes another share of the rows");
    return notes;
  });
