/** What a test claims of its own rows: `couple.income == 4000`, `good.probability > bad.probability`; of a gate, `refused`. */
import type { IrExpression } from "../ir/expression.ts";
import type { Argument, Expression, Name } from "../syntax/tree.ts";
import type { PredictionSpec, Task } from "../vocabulary/kind.ts";
import type { Meaning, Reference } from "../vocabulary/types.ts";
import { asReference } from "./columns-in-scope.ts";
import type { Frame, Offered, Site } from "./draft.ts";
import {
  type Columns,
  type ExpressionScope,
  type Inferred,
  typeOfColumn,
  typeWord,
} from "./expression-types.ts";
import { infer } from "./expressions.ts";
import { labelsOf, reportUnlabelled } from "./labels.ts";
import { reportUnknown } from "./messages.ts";
import { replaceWith } from "./source.ts";
import { listed } from "./suggest.ts";
import { bareName, type DeclarationSymbol, describeSymbol } from "./symbols.ts";

/** What may be claimed of: a declaration's outcome, the columns of its rows, or what it predicts. */
interface Subject {
  readonly symbol: DeclarationSymbol;
  readonly offered: Offered;
  readonly outcomes: Readonly<Record<string, string>> | null;
  readonly predicts: boolean;
}

interface About {
  readonly rows: string;
  readonly labels: readonly string[];
  /** Null when the reference is missing or broken, which is said elsewhere. */
  readonly subject: Subject | null;
  readonly site: Site;
}

type ClaimMeaning = Extract<Meaning, { is: "expression" }>;

export function readClaim(
  expression: Expression,
  meaning: ClaimMeaning,
  site: Site,
): IrExpression | undefined {
  const { rows, of } = meaning.about ?? { rows: "", of: "" };
  const labels = labelsOf(rows, site).map((name) => name.text);
  const about: About = { rows, labels, subject: subjectOf(of, site), site };
  const columns: Columns = { lookup: () => null, names: labels, known: true, where: "this test" };
  const own = (inner: Expression, scope: ExpressionScope) => special(inner, scope, about);
  const result = infer(expression, { site, scope: "row", columns, own });
  if (result === null) return undefined;
  if (result.type !== "boolean" && result.type !== "any") {
    site.report("ML2035", { attribute: site.label, type: typeWord(result.type) }, expression.span);
    return undefined;
  }
  return result.ir;
}

function subjectOf(of: string, site: Site): Subject | null {
  let reference: Reference | null = null;
  for (let frame: Frame | null = site.frame; frame !== null && reference === null; frame = frame.outer)
    reference = asReference(frame.values[of]);
  const draft = reference === null ? undefined : site.world.draft(reference.ref);
  if (draft === undefined) return null;
  const { symbol, offered } = draft;
  const { outcomes = null, offers } = symbol.kind;
  return { symbol, offered, outcomes, predicts: offers?.target !== undefined };
}

/** Rows and outcomes mean something here and nowhere else; the rest of the language is as in any row. */
function special(expression: Expression, scope: ExpressionScope, about: About): Inferred | null | undefined {
  if (expression.kind === "reference") return bare(expression.name, about);
  const called = expression.kind === "call" ? expression.callee : expression;
  if (called.kind !== "member") return undefined;
  const name = bareName(called.object);
  if (name === null) {
    about.site.report(
      "ML6055",
      { text: textOf(called.object, about.site), wanted: example(about) },
      called.object.span,
    );
    return null;
  }
  if (called.member.text === "") return null;
  if (!about.labels.includes(name.text)) {
    if (about.subject?.outcomes != null)
      outcomeWanted(textOf(expression, about.site), expression.span, about);
    else reportUnlabelled(name, about.rows, about.labels, about.site);
    return null;
  }
  const args = expression.kind === "call" ? expression.arguments : null;
  const { subject } = about;
  if (subject === null)
    return { ir: { is: "name", name: name.text, path: [called.member.text] }, type: "any" };
  return subject.predicts
    ? prediction(name, called.member, args, subject, scope, about)
    : column(name, called.member, args, expression, subject, about);
}

const textOf = ({ span }: Expression, site: Site): string =>
  site.source.lines.text.slice(span.start, span.end).slice(0, 60);

/** What could stand here, to say it in messages. */
function example({ subject, labels, rows }: About): string {
  const label = labels[0] ?? rows;
  if (subject?.outcomes != null) return listed(Object.keys(subject.outcomes));
  if (subject?.predicts === true) {
    const number = subject.offered.tasks?.includes("regression") === true;
    return `\`${label}.${number ? "value" : "label"}\``;
  }
  return `\`${label}.${subject?.offered.columns?.at(-1)?.name ?? "column"}\``;
}

/** A word of the gate's outcome; a parameter stays what it is everywhere. */
function bare(name: Name, about: About): Inferred | null | undefined {
  const { subject, site, labels } = about;
  if (subject?.outcomes != null && Object.hasOwn(subject.outcomes, name.text))
    return { ir: { is: "name", name: name.text, path: [] }, type: "boolean" };
  const symbol = site.lookup(name.text);
  if (symbol !== undefined && symbol.is !== "declaration") return undefined;
  if (subject?.outcomes != null) {
    outcomeWanted(name.text, name.span, about);
    return null;
  }
  const label = labels[0] ?? about.rows;
  const isColumn = subject?.offered.columns?.some((other) => other.name === name.text) === true;
  if (isColumn && subject?.predicts === false) {
    const written = `${label}.${name.quoted ? `\`${name.text}\`` : name.text}`;
    site.report("ML6055", { text: name.text, wanted: `\`${written}\`` }, name.span, {
      fixes: labels.length === 1 ? replaceWith(site.source, name.span, written) : [],
    });
  } else if (labels.includes(name.text)) {
    const wanted = example({ ...about, labels: [name.text] });
    site.report("ML6055", { text: name.text, wanted }, name.span);
  } else reportUnlabelled(name, about.rows, labels, site);
  return null;
}

function outcomeWanted(text: string, span: Expression["span"], about: About): void {
  const words = Object.keys(about.subject?.outcomes ?? {});
  about.site.report(
    "ML6053",
    { text, wanted: listed(words), kind: about.subject?.symbol.kindName ?? "gate" },
    span,
  );
}

function column(
  row: Name,
  member: Name,
  args: readonly Argument[] | null,
  expression: Expression,
  subject: Subject,
  about: About,
): Inferred | null {
  const { site } = about;
  if (args !== null) {
    site.report(
      "ML6055",
      { text: textOf(expression, site), wanted: `\`${row.text}.${member.text}\`` },
      expression.span,
    );
    return null;
  }
  const { columns } = subject.offered;
  const ir: IrExpression = { is: "name", name: row.text, path: [member.text] };
  if (columns === null) return { ir, type: "any" };
  const found = columns.find((other) => other.name === member.text);
  if (found !== undefined) return { ir, type: typeOfColumn(found), column: found };
  const known = columns.map((other) => other.name);
  reportUnknown(site, "ML2020", member, known, {
    column: member.text,
    where: describeSymbol(subject.symbol),
  });
  return null;
}

const meet = (spec: PredictionSpec, tasks: readonly Task[] | null): boolean =>
  tasks === null || tasks.length === 0 || spec.tasks.some((task) => tasks.includes(task));

function prediction(
  row: Name,
  member: Name,
  args: readonly Argument[] | null,
  subject: Subject,
  scope: ExpressionScope,
  about: About,
): Inferred | null {
  const { site } = about;
  const { tasks, target } = subject.offered;
  const specs = Object.values(site.vocabulary.predictions).filter((spec) => meet(spec, tasks));
  const spec = specs.find((other) => other.name === member.text);
  if (spec === undefined) {
    const known = specs.map((other) => other.name);
    reportUnknown(site, "ML6051", member, known, {
      member: member.text,
      what: describeSymbol(subject.symbol),
    });
    return null;
  }
  const path = [spec.name];
  if (spec.ofClass) {
    const named = classOf(args, `${row.text}.${spec.name}`, member.span, subject, scope);
    if (named === null) return null;
    path.push(...named);
  } else if (args !== null) {
    site.report("ML2021", { of: `${row.text}.${spec.name}`, problem: "takes no arguments" }, member.span);
    return null;
  }
  const type = spec.result === "number" ? "number" : target === null ? "any" : typeOfColumn(target);
  return { ir: { is: "name", name: row.text, path }, type, ratio: spec.ofClass };
}

/** The class in brackets, one or none; null when something is wrong, and that has been said. */
function classOf(
  args: readonly Argument[] | null,
  of: string,
  at: Expression["span"],
  subject: Subject,
  scope: ExpressionScope,
): string[] | null {
  const { site } = scope;
  const { tasks, target } = subject.offered;
  if (args === null || args.length === 0) {
    if (tasks === null || tasks.includes("binary")) return [];
    site.report("ML6052", { of, problem: `of several, write \`${of}("…")\`` }, at);
    return null;
  }
  const [argument, second] = args;
  const value = argument?.value;
  if (second !== undefined || value == null) {
    site.report("ML2021", { of, problem: "takes one class, in quotes" }, (second ?? argument)!.span);
    return null;
  }
  const read = scope.infer(value);
  if (read === null) return null;
  if (read.ir.is !== "literal" || read.ir.value === null) {
    site.report("ML2021", { of, problem: "takes one class, in quotes" }, value.span);
    return null;
  }
  const named = String(read.ir.value);
  const known = target?.values?.map(String) ?? null;
  if (known === null || known.includes(named)) return [named];
  site.report("ML6052", { of, problem: `\`${named}\` is none of ${listed(known, "and")}` }, value.span);
  return null;
}
