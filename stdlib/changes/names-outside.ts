/** What is kept outside under a name, and is asked for by it, is called otherwise or is gone. */
import type { Note, NoteRule } from "../../language/diff/model.ts";
import { called } from "./pairs.ts";

export const namesOutsideChange: NoteRule = ({ declarations }) =>
  declarations.flatMap(({ id, before, after, status }): Note[] => {
    if (before?.external == null) return [];
    if (status === "removed") {
      const message = `${called(before)} is gone: who asks for it outside finds nothing new under "${before.external}"`;
      return [{ level: "breaking", topic: "removed", declaration: id, message }];
    }
    if (after === null || after.external === before.external) return [];
    const message = `${after.kind} ${after.name} is "${after.external}" outside, and was "${before.external}": what is kept under the old name stays there and moves no more`;
    return [{ level: "breaking", topic: "external-name", declaration: id, message }];
  });
