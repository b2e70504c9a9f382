/** What a reviewer must know of a change beyond what differs; one small file each. */
import type { NoteRule } from "../../language/diff/model.ts";
import { answersChange } from "./answers.ts";
import { batchesChange } from "./batches.ts";
import { guardsChange } from "./guards.ts";
import { namesOutsideChange } from "./names-outside.ts";
import { requestsChange } from "./requests.ts";
import { routesChange } from "./routes.ts";
import { rowsChange } from "./rows.ts";
import { surroundingsChange } from "./surroundings.ts";

export const noteRules: readonly NoteRule[] = [
  namesOutsideChange,
  requestsChange,
  answersChange,
  routesChange,
  batchesChange,
  guardsChange,
  rowsChange,
  surroundingsChange,
];
