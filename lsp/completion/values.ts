/** What may stand as a value: words, names, columns, metrics, numbers with units. */
import { functionsIn } from "../../language/check/expression-names.ts";
import { type AnySymbol, describeSymbol } from "../../language/check/symbols.ts";
import type { Expression } from "../../language/syntax/tree.ts";
import type { FunctionSpec, Task, Vocabulary } from "../../language/vocabulary/kind.ts";
import { metricKey } from "../../language/vocabulary/metric-key.ts";
import { elementOf, fieldsOf, type Typed } from "../../language/vocabulary/schema.ts";
import type { Meaning, Scope } from "../../language/vocabulary/types.ts";
import type { Cursor } from "../cursor.ts";
import type { Known } from "../known.ts";
import { ItemKind, type Offer, written } from "./item.ts";

export interface ValueContext {
  readonly cursor: Cursor;
  readonly known: Known;
  readonly vocabulary: Vocabulary;
}

/** What fits where the vocabulary asks for `typed`. */
export function valueOffers(typed: Typed, context: ValueContext): Offer[] {
  const { meaning } = typed;
  switch (meaning.is) {
    case "choice":
      return Object.entries(meaning.values).map(([label, doc]) => ({
        label,
        doc,
        kind: ItemKind.EnumMember,
        rank: "wanted",
      }));
    case "boolean":
      return [
        ...["true", "false"].map((label): Offer => ({ label, kind: ItemKind.Value, rank: "wanted" })),
        ...scalars(context, "boolean"),
      ];
    case "call":
      return [
        ...Object.entries(meaning.forms).map(([label, form]): Offer => {
          const fields = fieldsOf(form.args);
          const needed = fields.filter(({ required }) => required);
          const stops = needed.map(({ name }, index) => `${name} = \${${index + 1}}`).join(", ");
          return {
            label,
            doc: form.doc,
            kind: ItemKind.Function,
            ...(fields.length === 0 ? {} : { detail: `(${fields.map(({ name }) => name).join(", ")})` }),
            ...(needed.length === 0 ? {} : { snippet: `${label}(${stops})` }),
            rank: "wanted",
          };
        }),
        ...(meaning.literal ? scalars(context, null) : []),
      ];
    case "reference":
      return references(meaning, context);
    case "column":
      return columns(meaning, context);
    case "metric":
      return metrics(context);
    case "expression":
      return expressions(meaning, context);
    case "secret":
      return symbols(context, ({ is }) => is === "secret", ItemKind.Constant);
    case "dimension":
      return [...sizes(context), ...scalars(context, "int")];
    case "number":
      return [
        ...units(meaning, context),
        ...scalars(context, meaning.unit === "none" ? (meaning.integer ? "int" : "float") : meaning.unit),
      ];
    case "text":
    case "path":
    case "template":
      return scalars(context, "text");
    case "list":
      return [
        { label: "[…]", kind: ItemKind.Snippet, doc: meaning.doc, snippet: "[$1]", rank: "word", more: true },
        ...(meaning.single === true ? valueOffers(elementOf(typed), context) : []),
      ];
    case "labelled":
      return labels(meaning.among, context);
    default:
      return [];
  }
}

/** Behind a dot: parts, aliases, metrics, sizes, members of a template's use. */
export function memberOffers(object: Expression, typed: Typed | null, context: ValueContext): Offer[] {
  const { known, vocabulary } = context;
  const meaning = typed?.meaning ?? null;
  const called = object.kind === "call" ? object.callee : object;
  const word = called.kind === "reference" ? called.name.text : null;
  if (meaning?.is === "expression" && meaning.scope === "metrics") {
    const source = functionsIn(vocabulary, "metrics").find(
      (spec) => spec.name === word && spec.members === "metrics",
    );
    if (source !== undefined) return computed(context);
  }
  if (meaning?.is === "expression" && meaning.scope === "claims") return claimMembers(meaning, context);
  const symbol = known.named(object);
  if (symbol?.is === "instance")
    return [...(symbol.members?.own ?? [])]
      .filter(([, member]) => member.is !== "argument")
      .map(([label, member]) => ({
        label,
        kind: ItemKind.Field,
        detail: describeSymbol(member),
        rank: "own",
      }));
  if (symbol?.is !== "declaration") return [];
  const offered = known.offered(symbol.id);
  if (offered === null) return [];
  if (meaning?.is === "dimension" || meaning === null) {
    if (symbol.kind?.offers?.sized === true)
      return [{ label: "size", kind: ItemKind.Property, doc: "How many ids it has.", rank: "wanted" }];
  }
  if (meaning?.is === "expression")
    return (offered.metrics ?? []).map((use) => ({
      label: metricKey(use),
      kind: ItemKind.Value,
      ...(vocabulary.metrics[use.name] === undefined ? {} : { doc: vocabulary.metrics[use.name]!.doc }),
      rank: "own",
    }));
  const aliases = (offered.aliases ?? []).map(
    (label): Offer => ({ label, kind: ItemKind.EnumMember, detail: "alias", rank: "wanted" }),
  );
  const wantsAlias = meaning?.is === "reference" && meaning.part === "alias";
  if (wantsAlias) return aliases;
  const parts = (offered.parts ?? []).map(
    (label): Offer => ({ label, kind: ItemKind.EnumMember, detail: "part", rank: "wanted" }),
  );
  if (meaning?.is !== "reference" || meaning.column !== true) return parts;
  const isPart = object.kind === "member";
  const texts = (offered.columns ?? []).map(
    ({ name, type }): Offer => ({
      label: name,
      kind: ItemKind.Field,
      detail: type,
      text: written(name),
      rank: type === "text" ? "wanted" : "word",
    }),
  );
  return isPart ? texts : [...parts, ...texts];
}

/** What a test may read of one of its rows: what the model predicts, or the columns that are computed. */
function claimMembers({ about }: ExpressionMeaning, { cursor, known, vocabulary }: ValueContext): Offer[] {
  const subject = known.sibling(cursor, about?.of ?? "");
  const offered = subject === null ? null : known.offered(subject.id);
  if (subject === null || offered === null) return [];
  if (subject.kind?.offers?.target === undefined)
    return (offered.columns ?? []).map(({ name, type }) => ({
      label: name,
      detail: type,
      kind: ItemKind.Field,
      text: written(name),
      rank: "own",
    }));
  const tasks = offered.tasks ?? [];
  return Object.values(vocabulary.predictions)
    .filter((spec) => tasks.length === 0 || spec.tasks.some((task) => tasks.includes(task)))
    .map(({ name, doc }) => ({ label: name, doc, kind: ItemKind.Field, rank: "wanted" }));
}

type ReferenceMeaning = Extract<Meaning, { is: "reference" }>;

function references(meaning: ReferenceMeaning, context: ValueContext): Offer[] {
  const { known } = context;
  const own = context.cursor.blocks[0]?.operand;
  const ownName = own?.kind === "reference" ? own.name.text : null;
  return known.symbols().flatMap((symbol): Offer[] => {
    if (symbol.name === ownName || symbol.name === "") return [];
    if (symbol.is === "instance")
      return [{ label: symbol.name, kind: ItemKind.Module, detail: symbol.phrase.head.text, rank: "word" }];
    if (symbol.is !== "declaration" && symbol.is !== "generic") return [];
    if (!meaning.to.includes(symbol.kindName)) return [];
    const detail =
      symbol.variantName === null ? symbol.kindName : `${symbol.kindName}: ${symbol.variantName}`;
    const doc = symbol.phrase.doc;
    const base: Offer = {
      label: symbol.name,
      kind: ItemKind.Variable,
      detail,
      ...(doc === null ? {} : { doc }),
      rank: "own",
    };
    if (symbol.is === "generic") {
      const stops = symbol.parameters
        .filter(({ fallback }) => fallback === null)
        .map(({ name }, index) => `${name} = \${${index + 1}}`);
      return [{ ...base, kind: ItemKind.Function, snippet: `${symbol.name}(${stops.join(", ")})` }];
    }
    return [base, ...partsOf(symbol.id, base, meaning, known)];
  });
}

/** The whole name with its part: where rows are divided, a part must be named. */
function partsOf(id: string, base: Offer, meaning: ReferenceMeaning, known: Known): Offer[] {
  const offered = known.offered(id);
  const names =
    meaning.part === "split" ? offered?.parts : meaning.part === "alias" ? offered?.aliases : null;
  return (names ?? []).map((part): Offer => {
    const fits =
      meaning.use === "learn"
        ? part === "train"
        : meaning.use === "tune"
          ? part === "validation"
          : meaning.use === "judge"
            ? part === "test"
            : true;
    return {
      ...base,
      label: `${base.label}.${part}`,
      rank: fits || meaning.part === "alias" ? "wanted" : "own",
    };
  });
}

function columns(meaning: Extract<Meaning, { is: "column" }>, { cursor, known }: ValueContext): Offer[] {
  return (known.columns(cursor, meaning.of) ?? [])
    .filter(({ role }) => role === null || !meaning.refuse.includes(role))
    .map(({ name, type, doc, role }) => ({
      label: name,
      kind: ItemKind.Field,
      detail: role === null ? type : `${type} ${role}`,
      ...(doc === null ? {} : { doc }),
      text: written(name),
      rank: "own",
    }));
}

/** Those that fit what the model at hand learns. */
function metrics({ cursor, known, vocabulary }: ValueContext): Offer[] {
  const items = cursor.blocks[0]?.block?.items ?? [];
  const sibling = items.find((item) => item.kind === "attribute" && item.name.text === "model");
  const symbol = sibling?.kind === "attribute" ? known.named(sibling.value) : null;
  const tasks = symbol?.is === "declaration" ? (known.offered(symbol.id)?.tasks ?? null) : null;
  return metricOffers(vocabulary, tasks);
}

const metricOffers = (vocabulary: Vocabulary, tasks: readonly Task[] | null): Offer[] =>
  Object.values(vocabulary.metrics)
    .filter((spec) => tasks === null || tasks.length === 0 || spec.tasks.some((task) => tasks.includes(task)))
    .map(({ name, doc, better }) => ({
      label: name,
      doc,
      detail: `${better} is better`,
      kind: ItemKind.Value,
      rank: "wanted",
    }));

/** Metrics that some evaluation of the file computes: what a baseline or the champion can be compared in. */
function computed({ known, vocabulary }: ValueContext): Offer[] {
  const keys = new Set<string>();
  for (const { offered } of known.analysis.drafts)
    for (const use of offered.metrics ?? []) keys.add(metricKey(use));
  if (keys.size === 0) return metricOffers(vocabulary, null);
  return [...keys].map((label) => ({ label, kind: ItemKind.Value, rank: "own" }));
}

type ExpressionMeaning = Extract<Meaning, { is: "expression" }>;

function expressions(meaning: ExpressionMeaning, context: ValueContext): Offer[] {
  const choices = wordsOfArgument(meaning.scope, context);
  if (choices !== null) return choices;
  const words = wordsOf(meaning.scope, context);
  if (meaning.scope === "claims")
    return [...labels(meaning.about?.rows ?? "row", context), ...outcomes(context)];
  const functions = functionsIn(context.vocabulary, meaning.scope).map((spec) => functionOffer(spec));
  if (meaning.scope !== "metrics") return [...rowNames(context), ...functions, ...words];
  const evaluations = symbols(
    context,
    (symbol) => symbol.is === "declaration" && symbol.kind?.offers?.metrics !== undefined,
    ItemKind.Variable,
  );
  return [...evaluations.map((offer): Offer => ({ ...offer, rank: "own" })), ...functions, ...words];
}

/** Inside a function's brackets, where one of its words must stand: `baseline(majority)`. */
function wordsOfArgument(scope: Scope, { cursor, vocabulary }: ValueContext): Offer[] | null {
  const call = cursor.inside.findLast(
    (node) => node.kind === "call" && cursor.offset > node.callee.span.end && cursor.offset < node.span.end,
  );
  if (call?.kind !== "call" || call.callee.kind !== "reference") return null;
  const { text } = call.callee.name;
  const at = call.arguments.filter(({ span }) => span.end < cursor.offset).length;
  const parameter = functionsIn(vocabulary, scope).find(({ name }) => name === text)?.parameters[at];
  if (parameter?.words === undefined) return null;
  return [
    ...Object.entries(parameter.words).map(
      ([label, doc]): Offer => ({ label, doc, kind: ItemKind.EnumMember, rank: "wanted" }),
    ),
    ...Object.entries(parameter.counted ?? {}).map(
      ([label, { doc }]): Offer => ({
        label,
        doc,
        kind: ItemKind.EnumMember,
        snippet: `${label}($1)`,
        rank: "wanted",
      }),
    ),
  ];
}

const functionOffer = (spec: FunctionSpec): Offer => {
  const [first] = spec.parameters;
  const inside = first?.words === undefined ? "$1" : `\${1|${Object.keys(first.words).join(",")}|}`;
  return {
    label: spec.name,
    kind: ItemKind.Function,
    detail: spec.parameters.length === 0 ? "" : `(${spec.parameters.map(({ name }) => name).join(", ")})`,
    doc: `${spec.doc}\n\n\`${spec.example}\``,
    ...(spec.parameters.length === 0 ? {} : { snippet: `${spec.name}(${inside})` }),
    rank: "word",
  };
};

/** Columns that an expression over rows may read: those of the source, those computed, those of the own schema. */
function rowNames({ cursor, known }: ValueContext): Offer[] {
  const sources = ["from", "data", "input", "schema"].map((of) => known.columns(cursor, of));
  const found = sources.find((source) => source !== null) ?? [];
  const own = known.derived(cursor).map(
    (label): Offer => ({
      label,
      kind: ItemKind.Field,
      detail: "derived",
      text: written(label),
      rank: "own",
    }),
  );
  return [
    ...found.map(
      ({ name, type }): Offer => ({
        label: name,
        kind: ItemKind.Field,
        detail: type,
        text: written(name),
        rank: "own",
      }),
    ),
    ...own,
  ];
}

const wordsOf = (_scope: Scope, context: ValueContext): Offer[] => [
  ...["and", "or", "not", "in", "if", "then", "else"].map(
    (label): Offer => ({ label, kind: ItemKind.Keyword, rank: "rare" }),
  ),
  ...scalars(context, null),
];

function labels(among: string, { cursor }: ValueContext): Offer[] {
  return (cursor.blocks[0]?.block?.items ?? []).flatMap((item): Offer[] =>
    item.kind === "phrase" && item.head.text === among && item.operand?.kind === "reference"
      ? [{ label: item.operand.name.text, kind: ItemKind.Variable, detail: among, rank: "own" }]
      : [],
  );
}

function outcomes({ known, vocabulary }: ValueContext): Offer[] {
  const kinds = new Set(
    known.symbols().flatMap((symbol) => (symbol.is === "declaration" ? [symbol.kindName] : [])),
  );
  return [...kinds].flatMap((kind) =>
    Object.entries(vocabulary.kinds[kind]?.outcomes ?? {}).map(
      ([label, doc]): Offer => ({ label, doc, kind: ItemKind.EnumMember }),
    ),
  );
}

const sizes = ({ known }: ValueContext): Offer[] =>
  known
    .symbols()
    .flatMap((symbol): Offer[] =>
      symbol.is === "declaration" && symbol.kind?.offers?.sized === true
        ? [{ label: `${symbol.name}.size`, kind: ItemKind.Property, detail: symbol.kindName, rank: "own" }]
        : [],
    );

/** The number that is being typed, with each unit that fits. */
function units({ unit }: Extract<Meaning, { is: "number" }>, { cursor, vocabulary }: ValueContext): Offer[] {
  if (unit === "none") return [];
  const typed = /\d[\d_.]*$/.exec(cursor.parsed.text.slice(0, cursor.offset))?.[0];
  if (typed === undefined) return [];
  return Object.values(vocabulary.units)
    .filter((spec) => spec.unit === unit)
    .map(({ suffix }) => ({ label: `${typed}${suffix}`, kind: ItemKind.Unit, rank: "wanted" }));
}

function symbols(
  context: ValueContext,
  wanted: (symbol: AnySymbol) => boolean,
  kind: Offer["kind"],
): Offer[] {
  return context.known
    .symbols()
    .filter((symbol) => wanted(symbol) && symbol.name !== "")
    .map((symbol) => ({
      label: symbol.name,
      kind,
      detail: describeSymbol(symbol),
      ...(symbol.phrase.doc === null ? {} : { doc: symbol.phrase.doc }),
      rank: "own",
    }));
}

/** Parameters and constants; `type` null takes all of them. */
function scalars(context: ValueContext, type: string | null): Offer[] {
  const fits = (symbol: AnySymbol) => {
    if (symbol.is === "constant") return symbol.phrase.head.text === "const";
    if (symbol.is !== "parameter") return false;
    const own = symbol.spec.type?.name ?? null;
    if (type === null || own === null || own === type) return true;
    return (
      (type === "text" && own === "string") ||
      (type === "float" && own === "int") ||
      (type === "ratio" && own === "float")
    );
  };
  return symbols(context, fits, ItemKind.Variable);
}
