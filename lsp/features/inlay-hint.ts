/** `textDocument/inlayHint`: shapes and parameters beside layers, values beside parameters, numbers beside rules. */
import { type InlayHint, InlayHintKind } from "vscode-languageserver-types";
import type { Draft } from "../../language/check/draft.ts";
import type { Expression, Item, Phrase } from "../../language/syntax/tree.ts";
import type { Layer } from "../../language/vocabulary/layer.ts";
import { metricKey } from "../../language/vocabulary/metric-key.ts";
import { numberOf, textOf } from "../../stdlib/layers/shapes/count.ts";
import { architectureFacts } from "../../stdlib/layers/shapes.ts";
import type { Feature } from "../feature.ts";
import type { Parsed } from "../files.ts";
import type { Knowledge, StepKnowledge } from "../knowledge.ts";
import { shown } from "../last-run.ts";
import { offsetOf, pathOf, positionOf } from "../locations.ts";
import type { Workspace } from "../workspace.ts";
import { declaredName } from "./document-symbols.ts";

interface Hint {
  readonly offset: number;
  readonly text: string;
  readonly tooltip: string;
}

/** All hints of a file, in no particular order. */
export function hintsOf(workspace: Workspace, knowledge: Knowledge, path: string, parsed: Parsed): Hint[] {
  const analysis = workspace.analysis(path);
  const steps = knowledge.steps(path);
  return parsed.tree.items.flatMap((item) => {
    if (item.kind !== "phrase") return [];
    if (item.head.text === "architecture") return layerHints(item, analysis.drafts);
    if (item.head.text === "evaluation") return metricHints(item, steps);
    if (item.head.text === "gate") return ruleHints(item, steps);
    const symbol =
      item.head.text === "param" ? analysis.symbols.get(declaredName(item)?.text ?? "") : undefined;
    if (symbol?.is !== "parameter" || symbol.value === null || item.value !== null) return [];
    return [
      { offset: item.span.end, text: ` = ${JSON.stringify(symbol.value.value)}`, tooltip: "its value now" },
    ];
  });
}

/** Of a declaration with parameters the first use of it in the file tells the numbers. */
function architectureOf(phrase: Phrase, drafts: readonly Draft[]): Draft | null {
  const name = declaredName(phrase)?.text;
  const made = drafts.filter(
    ({ symbol }) => symbol.kindName === "architecture" && symbol.body.phrase === phrase,
  );
  return (
    made.find(({ symbol, broken }) => symbol.name === name && !broken) ??
    made.find(({ broken }) => !broken) ??
    null
  );
}

function layerHints(phrase: Phrase, drafts: readonly Draft[]): Hint[] {
  const draft = architectureOf(phrase, drafts);
  if (draft === null || phrase.block === null) return [];
  const facts = architectureFacts(draft.props["layers"] as unknown as readonly Layer[]); // the checker accepted them
  const written = layerPhrases(phrase.block.items);
  const hints = facts.layers.flatMap((layer, index): Hint[] => {
    const at = written[index];
    if (at === undefined) return [];
    const count = textOf(layer.parameters);
    const offset = at.block === null ? at.span.end : at.block.span.start;
    const learned = count === "0" ? "" : `, ${count}`;
    return [
      {
        offset,
        text: at.block === null ? ` ${layer.output}${learned}` : `${layer.output}${learned} `,
        tooltip: `comes out: ${layer.output}; parameters: ${count}`,
      },
    ];
  });
  const total = textOf(facts.parameters);
  const bytes = numberOf(facts.parameters);
  const memory = bytes === null ? "" : `, ${megabytes(bytes * 4)} of weights`;
  return [
    {
      offset: phrase.block.span.start,
      text: `${total} parameters${memory} `,
      tooltip: "of the whole network, float32",
    },
    ...hints,
  ];
}

const megabytes = (bytes: number): string =>
  bytes >= 1e6 ? `${shown(bytes / 1e6)} MB` : `${shown(bytes / 1e3)} KB`;

/** Outer before inner, as `architectureFacts` lists them. */
const layerPhrases = (items: readonly Item[]): Phrase[] =>
  items.flatMap((item) => (item.kind === "phrase" ? [item, ...layerPhrases(item.block?.items ?? [])] : []));

/** The last run's numbers behind each metric of an evaluation. */
function metricHints(phrase: Phrase, steps: ReadonlyMap<string, StepKnowledge>): Hint[] {
  const step = steps.get(`evaluation.${declaredName(phrase)?.text ?? ""}`);
  const values = valuesOf(step);
  if (values === null) return [];
  const list = phrase.block?.items.find((item) => item.kind === "attribute" && item.name.text === "metrics");
  const items = list?.kind === "attribute" && list.value.kind === "list" ? list.value.items : [];
  return items.flatMap((item) => {
    const value = values[keyOf(item)];
    return typeof value === "number"
      ? [{ offset: item.span.end, text: ` ${shown(value)}`, tooltip: "in the last run" }]
      : [];
  });
}

function valuesOf(step: StepKnowledge | undefined): Readonly<Record<string, unknown>> | null {
  const metrics = step?.summary["metrics"];
  return typeof metrics === "object" && metrics !== null ? (metrics as Record<string, unknown>) : null;
}

/** `recall(top = 10%)` as the run calls it. */
function keyOf(expression: Expression): string {
  if (expression.kind === "reference") return expression.name.text;
  if (expression.kind !== "call" || expression.callee.kind !== "reference") return "";
  const args: Record<string, string | number | boolean> = {};
  for (const { name, value } of expression.arguments) {
    if (name === null || value === null) return "";
    if (value.kind === "number") args[name.text] = value.unit === "%" ? value.value / 100 : value.value;
    else if (value.kind === "reference") args[name.text] = value.name.text;
  }
  return metricKey({ name: expression.callee.name.text, args });
}

/** What each metric of a rule was, and whether the rule held. */
function ruleHints(phrase: Phrase, steps: ReadonlyMap<string, StepKnowledge>): Hint[] {
  const gate = steps.get(`gate.${declaredName(phrase)?.text ?? ""}`);
  const results = gate?.summary["rules"];
  const rules = (phrase.block?.items ?? []).filter(
    (item) => item.kind === "phrase" && item.head.text === "require",
  );
  return rules.flatMap((rule, index): Hint[] => {
    const read = rule.kind === "phrase" && rule.operand !== null ? membersIn(rule.operand) : [];
    const numbers = read.flatMap(({ object, metric, offset }) => {
      const value = valuesOf(steps.get(`evaluation.${object}`))?.[metric];
      return typeof value === "number"
        ? [{ offset, text: ` ${shown(value)}`, tooltip: "in the last run" }]
        : [];
    });
    const result = Array.isArray(results) ? (results[index] as { status?: unknown } | undefined) : undefined;
    const status = typeof result?.status === "string" ? result.status : null;
    return status === null
      ? numbers
      : [
          ...numbers,
          {
            offset: rule.span.end,
            text: ` ${MARKS[status] ?? status}`,
            tooltip: `${status} in the last run`,
          },
        ];
  });
}

const MARKS: Readonly<Record<string, string>> = {
  passed: "✓",
  failed: "✗",
  insufficient: "? too few rows",
  skipped: "skipped",
};

function membersIn(expression: Expression): { object: string; metric: string; offset: number }[] {
  switch (expression.kind) {
    case "member":
      return expression.object.kind === "reference"
        ? [
            {
              object: expression.object.name.text,
              metric: expression.member.text,
              offset: expression.span.end,
            },
          ]
        : [];
    case "binary":
      return [...membersIn(expression.left), ...membersIn(expression.right)];
    case "unary":
      return membersIn(expression.operand);
    default:
      return [];
  }
}

export const inlayHint: Feature = {
  capabilities: { inlayHintProvider: true },
  listen({ connection, workspace, knowledge }) {
    connection.languages.inlayHint.on(({ textDocument, range }): InlayHint[] => {
      const path = pathOf(textDocument.uri);
      const parsed = workspace.files.parsed(path);
      if (parsed === null) return [];
      const [from, to] = [offsetOf(parsed.lines, range.start), offsetOf(parsed.lines, range.end)];
      return hintsOf(workspace, knowledge, path, parsed)
        .filter(({ offset }) => offset >= from && offset <= to)
        .map(({ offset, text, tooltip }) => ({
          position: positionOf(parsed.lines, offset),
          label: text.trim(),
          kind: InlayHintKind.Type,
          tooltip,
          paddingLeft: text.startsWith(" "),
          paddingRight: text.endsWith(" "),
        }));
    });
  },
};
