/** `textDocument/codeLens`: ▶ run and plan above the file, and above each step what the last run made of it. */
import type { CodeLens } from "vscode-languageserver-types";
import type { Feature } from "../feature.ts";
import type { Parsed } from "../files.ts";
import type { Knowledge, StepKnowledge } from "../knowledge.ts";
import { factsOf, staleBecause } from "../last-run.ts";
import { pathOf, spanRange } from "../locations.ts";
import type { Workspace } from "../workspace.ts";
import { declaredName } from "./document-symbols.ts";

/** Commands that the client carries out; their argument is the spec's path. */
export const COMMANDS = {
  run: "mlops.run",
  plan: "mlops.plan",
  test: "mlops.test",
  why: "mlops.why",
} as const;

function lensesOf(workspace: Workspace, knowledge: Knowledge, path: string, parsed: Parsed): CodeLens[] {
  const steps = knowledge.steps(path);
  const lenses: CodeLens[] = [];
  const phrases = parsed.tree.items.filter((item) => item.kind === "phrase");
  const first = phrases.find(({ head }) => Object.hasOwn(workspace.vocabulary.kinds, head.text));
  if (first === undefined) return [];
  const top = spanRange(parsed.lines, (parsed.tree.items[0] ?? first).span);
  const line = { start: top.start, end: top.start };
  lenses.push(
    { range: line, command: { title: "▶ Run", command: COMMANDS.run, arguments: [path] } },
    { range: line, command: { title: "Plan", command: COMMANDS.plan, arguments: [path] } },
  );
  for (const phrase of phrases) {
    const name = declaredName(phrase)?.text;
    const kind = workspace.vocabulary.kinds[phrase.head.text];
    if (name === undefined || kind === undefined) continue;
    const range = spanRange(parsed.lines, phrase.head.span);
    if (kind.role === "test") {
      lenses.push({ range, command: { title: "▶ Test", command: COMMANDS.test, arguments: [path, name] } });
      continue;
    }
    const id = `${kind.name}.${name}`;
    const step = steps.get(id);
    if (step === undefined) continue;
    const title = lastRunTitle(step, staleBecause(workspace, path, id, step));
    lenses.push({ range, command: { title, command: COMMANDS.why, arguments: [path, name] } });
  }
  return lenses;
}

function lastRunTitle(step: StepKnowledge, stale: string | null): string {
  const facts = factsOf(step).slice(0, 4).join(" · ");
  const now = stale === null ? step.status : `stale: ${stale.replaceAll("`", "")}`;
  return facts === "" ? now : `${now} · ${facts}`;
}

export const codeLens: Feature = {
  capabilities: { codeLensProvider: { resolveProvider: false } },
  listen({ connection, workspace, knowledge }) {
    connection.onCodeLens(({ textDocument }) => {
      const path = pathOf(textDocument.uri);
      const parsed = workspace.files.parsed(path);
      return parsed === null ? [] : lensesOf(workspace, knowledge, path, parsed);
    });
  },
};
