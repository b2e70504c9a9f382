/** What runs get without asking: defaults of parameters, the environment, secrets. */
import type { Note, NoteRule } from "../../language/diff/model.ts";
import { environmentDiff, paramDiffs, secretDiffs } from "../../language/diff/values.ts";

export const surroundingsChange: NoteRule = ({ before, after }) => {
  const notes: Note[] = [];
  const about = (level: Note["level"], topic: string, message: string) =>
    void notes.push({ level, topic, declaration: null, message });
  for (const { name, before: was, after: is } of paramDiffs(before, after)) {
    if (is === null) about("breaking", "param", `param ${name} is gone: --set ${name}=… is refused`);
    else if (was !== null)
      about("caution", "param", `param ${name} is ${is} where nobody sets it, and was ${was}`);
  }
  for (const { name, before: was } of secretDiffs(before, after))
    if (was === null) about("breaking", "secret", `secret ${name} must be set where this runs`);
  const environment = environmentDiff(before, after);
  if (environment !== null)
    about(
      "caution",
      "environment",
      `this is environment ${environment.after ?? "none"}, and was ${environment.before ?? "none"}`,
    );
  return notes;
};
