/** Rows of a source in memory: as a caller would send them, as a learner sees them, and what is to be predicted. */
export { type FrameOptions, type LoadedFrame, loadFrame } from "./load-frame.ts";
export { type LoadedTable, loadTable } from "./load-table.ts";
export { type LoadedTarget, loadTarget } from "./load-target.ts";
