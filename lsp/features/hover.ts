/** `textDocument/hover`: what a name means, what it is worth now, and what the last run made of it. */
import { MarkupKind } from "vscode-languageserver-types";
import { expected } from "../../language/check/messages.ts";
import type { AnySymbol } from "../../language/check/symbols.ts";
import { CONSTRAINTS } from "../../language/vocabulary/constraints.ts";
import type { FunctionSpec, Vocabulary } from "../../language/vocabulary/kind.ts";
import { fieldsOf, type Typed } from "../../language/vocabulary/schema.ts";
import { COLUMN_TYPES } from "../../language/vocabulary/types.ts";
import type { Feature } from "../feature.ts";
import type { Knowledge, StepKnowledge } from "../knowledge.ts";
import { Known } from "../known.ts";
import { factsOf, staleBecause } from "../last-run.ts";
import { offsetOf, pathOf, spanRange } from "../locations.ts";
import { occurrenceAt, targetOf } from "../names/index.ts";
import type { Occurrence } from "../names/occurrence.ts";
import type { Target } from "../names/target.ts";
import type { Workspace } from "../workspace.ts";

const code = (text: string) => `\`\`\`mlops\n${text}\n\`\`\``;
const paragraphs = (...parts: readonly (string | null | undefined)[]): string =>
  parts.filter((part): part is string => part != null && part !== "").join("\n\n");

/** Markdown about the name at an offset; null for nothing to say. */
export function hoverText(
  workspace: Workspace,
  knowledge: Knowledge,
  path: string,
  occurrence: Occurrence,
): string | null {
  const target = targetOf(workspace, path, occurrence, workspace.recent(path));
  if (target !== null && occurrence.role !== "kind")
    return aboutTarget(workspace, knowledge, path, target, occurrence);
  return aboutWord(workspace.vocabulary, occurrence, target);
}

function aboutWord(
  vocabulary: Vocabulary,
  { name, role, typed, around }: Occurrence,
  target: Target | null,
): string | null {
  const word = name.text;
  const meaning = typed?.meaning ?? null;
  switch (role) {
    case "kind": {
      if (target !== null) return paragraphs(code(`template ${word}`), target.phrase?.doc);
      const kind = vocabulary.kinds[word];
      if (kind === undefined) return HEADS[word] ?? null;
      const variants = kind.variantRequired
        ? Object.values(kind.variants).map((variant) => `- \`${variant.name}\`: ${variant.doc}`)
        : [];
      return paragraphs(code(word), kind.doc, variants.join("\n"));
    }
    case "variant": {
      const kind = vocabulary.kinds[around.at(-1)?.head.text ?? ""];
      const variant = kind?.variants[word];
      return variant === undefined
        ? null
        : paragraphs(code(`${kind?.name}: ${word}`), variant.doc, code(variant.example.trimEnd()));
    }
    case "attribute":
    case "argument":
      return typed === null
        ? null
        : paragraphs(
            code(`${word}: ${plain(expected(typed.meaning))}`),
            typed.meaning.doc,
            wordsOf(typed),
            fallbackOf(typed),
          );
    case "word":
      if (meaning?.is === "choice") return paragraphs(code(word), meaning.values[word]);
      return wordOfFunction(vocabulary, word);
    case "form": {
      const form = meaning?.is === "call" ? meaning.forms[word] : undefined;
      if (form === undefined) return null;
      const args = fieldsOf(form.args).map(
        (field) => `- \`${field.name}\`: ${field.meaning.doc}${suffix(field)}`,
      );
      return paragraphs(code(word), form.doc, args.join("\n"));
    }
    case "metric":
    case "member": {
      const metric = vocabulary.metrics[word];
      return metric === undefined
        ? null
        : paragraphs(code(word), metric.doc, `${metric.better === "higher" ? "Higher" : "Lower"} is better.`);
    }
    case "layer": {
      const layer = vocabulary.layers[word];
      if (layer === undefined) return null;
      const args = fieldsOf(layer.args).map(
        (field) => `- \`${field.name}\`: ${field.meaning.doc}${suffix(field)}`,
      );
      return paragraphs(code(word), layer.doc, args.join("\n"));
    }
    case "type": {
      const doc = (COLUMN_TYPES as Readonly<Record<string, string>>)[word];
      return doc === undefined ? null : paragraphs(code(word), doc);
    }
    case "constraint":
      return CONSTRAINTS[word] === undefined ? null : paragraphs(code(word), CONSTRAINTS[word].doc);
    case "function": {
      const specs = Object.values(vocabulary.functions).filter((spec) => spec.name === word);
      return specs.length === 0
        ? null
        : specs
            .map((spec) => paragraphs(code(signatureOf(spec)), spec.doc, `\`${spec.example}\``))
            .join("\n\n");
    }
    default:
      return null;
  }
}

const HEADS: Readonly<Record<string, string>> = {
  import: 'Names of another file: `import "./loans.mlops" { loans }`.',
  param: "A value that `--set` and environments may change.",
  const: "A value with a name.",
  secret: "Read from the environment at the last moment; it is in no plan, log or artifact.",
  template: "Makes a kind whose attributes are its parameters.",
  mlops: "The language's version.",
};

const plain = (text: string): string => text.replaceAll("`", "");

const wordsOf = ({ meaning }: Typed): string | null =>
  meaning.is === "choice"
    ? Object.entries(meaning.values)
        .map(([word, doc]) => `- \`${word}\`: ${doc}`)
        .join("\n")
    : meaning.is === "call"
      ? Object.entries(meaning.forms)
          .map(([word, { doc }]) => `- \`${word}\`: ${doc}`)
          .join("\n")
      : null;

function fallbackOf(typed: Typed): string | null {
  if (!("fallback" in typed) || typed.fallback === undefined) return null;
  const { fallback } = typed;
  const value =
    typeof fallback === "object" && fallback !== null && "call" in fallback
      ? String(fallback.call)
      : JSON.stringify(fallback);
  return `Without it: \`${value}\`.`;
}

const suffix = (field: Typed): string => {
  const fallback = fallbackOf(field);
  return fallback === null ? "" : ` ${fallback}`;
};

export const signatureOf = ({ name, parameters, variadic }: FunctionSpec): string =>
  parameters.length === 0
    ? name
    : `${name}(${parameters.map((parameter) => `${parameter.name}${parameter.optional === true ? "?" : ""}`).join(", ")}${variadic === true ? ", …" : ""})`;

function wordOfFunction(vocabulary: Vocabulary, word: string): string | null {
  for (const { parameters } of Object.values(vocabulary.functions))
    for (const { words } of parameters)
      if (words?.[word] !== undefined) return paragraphs(code(word), words[word]);
  return null;
}

function aboutTarget(
  workspace: Workspace,
  knowledge: Knowledge,
  path: string,
  target: Target,
  occurrence: Occurrence,
): string | null {
  switch (target.is) {
    case "column":
    case "input":
      return aboutColumn(workspace, target);
    case "part": {
      const share = shareOf(target);
      return paragraphs(
        code(`${target.name}${share === null ? "" : ` = ${share}`}`),
        `A part of \`${nameOfPhrase(target)}\`.`,
      );
    }
    case "label":
      return paragraphs(code(target.name), "A row of this test.");
    default:
      return aboutSymbol(workspace, knowledge, path, target, occurrence);
  }
}

const nameOfPhrase = ({ phrase }: Target): string =>
  phrase?.operand?.kind === "reference" ? phrase.operand.name.text : "the declaration";

function textAt(workspace: Workspace, { file, span }: Pick<Target, "file" | "span">): string {
  const parsed = workspace.files.parsed(file);
  if (parsed === null) return "";
  const start = parsed.text.lastIndexOf("\n", span.start) + 1;
  const end = parsed.text.indexOf("\n", span.end);
  return parsed.text.slice(start, end < 0 ? undefined : end).trim();
}

function aboutColumn(workspace: Workspace, target: Target): string {
  const line = textAt(workspace, target);
  const items = target.phrase?.block?.items ?? [];
  const column = items
    .flatMap((item) => (item.kind === "phrase" ? (item.block?.items ?? []) : []))
    .find(
      (item) =>
        item.kind !== "import" && item.span.start <= target.span.start && target.span.end <= item.span.end,
    );
  const parsed = workspace.files.parsed(target.file);
  const written =
    column === undefined || parsed === null ? line : parsed.text.slice(column.span.start, column.span.end);
  return paragraphs(
    code(written),
    column?.kind === "column" ? column.doc : null,
    `A column of \`${nameOfPhrase(target)}\`.`,
  );
}

function shareOf({ phrase, span }: Target): string | null {
  const split = phrase?.block?.items.find((item) => item.kind === "phrase" && item.head.text === "split");
  const entry =
    split?.kind === "phrase"
      ? split.block?.items.find((item) => item.kind === "attribute" && item.name.span.start === span.start)
      : undefined;
  return entry?.kind === "attribute" && entry.value.kind === "number" ? entry.value.text : null;
}

function aboutSymbol(
  workspace: Workspace,
  knowledge: Knowledge,
  path: string,
  target: Target,
  occurrence: Occurrence,
): string {
  const { symbol } = target;
  const doc = target.phrase?.doc ?? null;
  if (symbol === null) return paragraphs(code(textAt(workspace, target)), doc);
  const known = new Known(workspace.recent(path));
  switch (symbol.is) {
    case "parameter": {
      const value =
        symbol.value === null
          ? null
          : `Its value is \`${JSON.stringify(symbol.value.value)}\`; \`--set ${symbol.name}=…\` gives another.`;
      return paragraphs(code(headOf(symbol)), doc, value);
    }
    case "declaration": {
      const run = knowledge.steps(path).get(symbol.id) ?? null;
      return paragraphs(
        code(headOf(symbol)),
        doc,
        offeredText(known, symbol.id),
        lastRun(workspace, path, symbol.id, run),
      );
    }
    default:
      return paragraphs(
        code(headOf(symbol)),
        doc,
        occurrence.role === "imported" ? `From \`${symbol.source.path}\`.` : null,
      );
  }
}

/** The first line of a declaration, without its block. */
function headOf(symbol: AnySymbol): string {
  const { phrase, source } = symbol;
  const end = phrase.block?.span.start ?? phrase.span.end;
  return source.lines.text
    .slice(phrase.span.start, end)
    .replace(/^(?:\s*\/\/\/.*\n)*/, "")
    .trim();
}

/** Most columns that a hover lists. */
const COLUMNS = 12;

function offeredText(known: Known, id: string): string | null {
  const offered = known.offered(id);
  if (offered === null) return null;
  const columns = offered.columns ?? [];
  const rows = columns
    .slice(0, COLUMNS)
    .map(
      ({ name, type, role, nullable }) =>
        `| \`${name}\` | ${type} | ${[role, nullable ? "nullable" : null].filter((one) => one !== null).join(", ")} |`,
    );
  const rest = columns.length > COLUMNS ? `\n\n… and ${columns.length - COLUMNS} more.` : "";
  const table = rows.length === 0 ? null : `| column | type | |\n|---|---|---|\n${rows.join("\n")}${rest}`;
  const tasks = offered.target === null ? null : `It predicts \`${offered.target.name}\`.`;
  const parts =
    offered.parts === null || offered.parts.length === 0
      ? null
      : `Parts: ${offered.parts.map((part) => `\`${part}\``).join(", ")}.`;
  return paragraphs(tasks, parts, table);
}

function lastRun(workspace: Workspace, path: string, id: string, run: StepKnowledge | null): string | null {
  if (run === null) return null;
  const facts = factsOf(run);
  const when = run.at === null ? "" : ` at ${run.at.slice(0, 16).replace("T", " ")}`;
  const stale = staleBecause(workspace, path, id, run, workspace.recent(path));
  const since = stale === null ? "" : ` Since then: ${stale}.`;
  return `Last run: ${run.status}${when}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}.${since}`;
}

export const hover: Feature = {
  capabilities: { hoverProvider: true },
  listen({ connection, workspace, knowledge }) {
    connection.onHover(({ textDocument, position }) => {
      const path = pathOf(textDocument.uri);
      const parsed = workspace.files.parsed(path);
      if (parsed === null) return null;
      const occurrence = occurrenceAt(workspace, path, offsetOf(parsed.lines, position));
      const value = occurrence === null ? null : hoverText(workspace, knowledge, path, occurrence);
      if (occurrence === null || value === null) return null;
      return {
        contents: { kind: MarkupKind.Markdown, value },
        range: spanRange(parsed.lines, occurrence.name.span),
      };
    });
  },
};
