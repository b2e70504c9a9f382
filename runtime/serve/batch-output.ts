/** Names in what a batch leaves behind. */

/** The step's output: the bytes of the file. */
export const BATCH_OUTPUT = "predictions";

export { OWN_COLUMNS } from "../../stdlib/reviews/batch.ts";
