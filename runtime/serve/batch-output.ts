/** Names in what a batch leaves behind. */

/** The step's output: the bytes of the file. */
export const BATCH_OUTPUT = "predictions";

/** Columns that are written after the included ones. */
export const OWN_COLUMNS: readonly string[] = ["prediction", "probability", "score"];
