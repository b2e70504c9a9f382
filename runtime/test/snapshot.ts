/** The plan's shape beside the text that was kept of it. */
import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { StepFailure } from "../execute/step.ts";
import { outlinePlan } from "../plan/outline.ts";
import type { TestContext } from "./context.ts";
import { lineDiff } from "./line-diff.ts";
import type { ClaimResult } from "./report.ts";

/** Tells a snapshot from any other file, so that none is written over. */
const HEADING =
  "// The plan's shape, written by `mlops test --update`: review its changes like the spec's.\n";

export interface SnapshotResult {
  readonly claim: ClaimResult;
  readonly updated: boolean;
}

/** @throws StepFailure ML6074 for a file that is no snapshot. */
export function testSnapshot(context: TestContext): SnapshotResult {
  const { program, declaration, props, project, kinds, update } = context;
  const path = resolve(project, props.snapshot!);
  const file = relative(project, path).split(sep).join("/");
  const claim = { text: `snapshot = ${JSON.stringify(file)}`, pointer: "/snapshot", details: [] };
  const refuse = (found: string) =>
    new StepFailure({
      code: "ML6074",
      values: { file, test: `\`${declaration.name}\``, found },
      declaration: declaration.id,
      pointer: "/snapshot",
    });
  const now = `${HEADING}\n${outlinePlan(program, kinds)}`;
  const kept = read(path);
  if (kept !== null && !kept.startsWith(HEADING))
    throw refuse("holds something else: name a file of its own, or remove this one");
  if (kept === now) return { claim: { ...claim, passed: true, found: "" }, updated: false };
  if (update) {
    writeFileSync(path, now);
    return { claim: { ...claim, passed: true, found: `${file} was written` }, updated: true };
  }
  if (kept === null) throw refuse("is not there yet");
  const details = lineDiff(kept.slice(HEADING.length), now.slice(HEADING.length));
  const found = `the plan is no longer what ${file} says; \`mlops test --update\` takes it over`;
  return { claim: { ...claim, passed: false, found, details }, updated: false };
}

/** Null when there is none; line ends of another system make no difference. */
function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
