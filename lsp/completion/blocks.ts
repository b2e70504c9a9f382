/** What may begin a line: declarations, attributes, columns, layers. */
import type { Item } from "../../language/syntax/tree.ts";
import { CONSTRAINTS } from "../../language/vocabulary/constraints.ts";
import type { Vocabulary } from "../../language/vocabulary/kind.ts";
import { type Field, fieldsOf } from "../../language/vocabulary/schema.ts";
import { COLUMN_TYPES } from "../../language/vocabulary/types.ts";
import type { Cursor } from "../cursor.ts";
import { type Known, nameOf } from "../known.ts";
import type { Inside } from "../place.ts";
import { ItemKind, type Offer, written } from "./item.ts";

/** What is no declaration. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: LSP snippets
const HEADS: readonly Offer[] = [
  {
    label: "import",
    kind: ItemKind.Keyword,
    doc: "Names of another file.",
    snippet: 'import "${1:./file.mlops}" { ${2:name} }',
    rank: "other",
  },
  {
    label: "param",
    kind: ItemKind.Keyword,
    doc: "A value that `--set` and environments may change.",
    snippet: "param ${1:name}: ${2|int,float,ratio,duration,size,string,boolean|} = ${3:value}",
    rank: "other",
  },
  {
    label: "const",
    kind: ItemKind.Keyword,
    doc: "A value with a name.",
    snippet: "const ${1:name} = ${2:value}",
    rank: "other",
  },
  {
    label: "secret",
    kind: ItemKind.Keyword,
    doc: "Read from the environment at the last moment; in no plan, log or artifact.",
    snippet: "secret ${1:NAME}",
    rank: "other",
  },
  {
    label: "template",
    kind: ItemKind.Keyword,
    doc: "Makes a kind whose attributes are its parameters.",
    snippet: "template ${1:name} {\n  param ${2:data}: ${3:dataset}\n\n  $0\n}",
    rank: "other",
  },
  {
    label: "mlops 1",
    kind: ItemKind.Keyword,
    doc: "The language's version, at the top of a file.",
    rank: "rare",
  },
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: LSP snippets

export function declarationOffers(known: Known, vocabulary: Vocabulary): Offer[] {
  const kinds = Object.values(vocabulary.kinds).flatMap((kind): Offer[] => {
    const variants = Object.values(kind.variants);
    if (!kind.variantRequired) {
      const [only] = variants;
      return [
        {
          label: kind.name,
          kind: ItemKind.Class,
          doc: kind.doc,
          ...(only === undefined ? {} : { snippet: only.snippet }),
          rank: "wanted",
        },
      ];
    }
    const choice = `\${2|${variants.map(({ name }) => name).join(",")}|}`;
    const whole: Offer = {
      label: kind.name,
      kind: ItemKind.Class,
      doc: kind.doc,
      snippet: `${kind.name} \${1:name}: ${choice} {\n  $0\n}`,
      rank: "wanted",
    };
    return [
      whole,
      ...variants.map(
        (variant): Offer => ({
          label: `${kind.name}: ${variant.name}`,
          kind: ItemKind.Snippet,
          doc: variant.doc,
          snippet: variant.snippet,
          rank: "word",
        }),
      ),
    ];
  });
  const templates = known.symbols().flatMap((symbol): Offer[] => {
    if (symbol.is !== "template") return [];
    const needed = symbol.parameters.filter(({ fallback }) => fallback === null);
    const lines = needed.map(({ name }, index) => `\n  ${name} = \${${index + 2}:${name}}`);
    const doc = symbol.phrase.doc;
    return [
      {
        label: symbol.name,
        kind: ItemKind.Class,
        detail: "template",
        ...(doc === null ? {} : { doc }),
        snippet: `${symbol.name} \${1:name} {${lines.join("")}\n}`,
        rank: "own",
      },
    ];
  });
  return [...kinds, ...templates, ...HEADS];
}

/** Attributes, blocks and rules that are not there yet; rules may stand again. */
export function fieldOffers(fields: readonly Field[], items: readonly Item[], at: Item | null): Offer[] {
  const given = new Set(items.filter((item) => item !== at).map(nameOf));
  return fields
    .filter(
      ({ name, position, meaning }) => position === null && (meaning.is === "rules" || !given.has(name)),
    )
    .map(
      (field): Offer => ({
        label: field.name,
        kind:
          field.meaning.is === "rules"
            ? ItemKind.Keyword
            : ["block", "map", "columns"].includes(field.meaning.is)
              ? ItemKind.Struct
              : ItemKind.Property,
        detail: field.required ? "required" : defaultText(field),
        doc: field.meaning.doc,
        snippet: fieldSnippet(field),
        rank: field.required ? "wanted" : "word",
        more: true,
      }),
    );
}

const defaultText = ({ fallback }: Field): string =>
  fallback === undefined ? "optional" : `default ${typeof fallback === "object" ? "…" : String(fallback)}`;

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: LSP snippets
function fieldSnippet({ name, meaning }: Field): string {
  switch (meaning.is) {
    case "columns":
      return `${name} {\n  \${1:name}: \${2:float}$0\n}`;
    case "block":
    case "map":
      return `${name} {\n  $0\n}`;
    case "rules":
      return `${name} $0`;
    case "text":
    case "path":
      return `${name} = "$1"`;
    case "template":
      return `${name} = """\n  $1\n  """`;
    case "list":
      return meaning.single === true ? `${name} = $1` : `${name} = [$1]`;
    default:
      return `${name} = $1`;
  }
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: LSP snippets

export const typeOffers = (): Offer[] =>
  Object.entries(COLUMN_TYPES).map(([label, doc]) => ({ label, kind: ItemKind.TypeParameter, doc }));

/** Words after a column's type that fit it and are not there yet. */
export function constraintOffers(cursor: Cursor): Offer[] {
  const { item } = cursor;
  if (item?.kind !== "column") return [];
  const type = item.type.kind === "reference" ? item.type.name.text : "";
  const given = new Set(
    item.constraints.filter((one) => one !== cursor.constraint).map(({ word }) => word.text),
  );
  const roles = Object.entries(CONSTRAINTS).filter(([, { role }]) => role !== undefined);
  const hasRole = roles.some(([word]) => given.has(word));
  return Object.entries(CONSTRAINTS)
    .filter(
      ([word, { fits, role }]) =>
        !given.has(word) && fits.some((one) => one === type) && !(hasRole && role !== undefined),
    )
    .map(([label, { doc, takes }]) => {
      const snippet =
        takes === "nothing"
          ? label
          : takes === "values"
            ? `${label} [$1]`
            : takes === "text"
              ? `${label} "$1"`
              : `${label} $1`;
      return { label, kind: ItemKind.Keyword, doc, snippet };
    });
}

export const layerOffers = (vocabulary: Vocabulary): Offer[] =>
  Object.values(vocabulary.layers).map((spec) => {
    const fields = fieldsOf(spec.args);
    const needed = fields.filter(({ required }) => required);
    const stops = needed.map(({ name }, index) => `\${${index + 1}:${name}}`).join(", ");
    const head =
      spec.body === "layers" && needed.length === 1
        ? `${spec.name} ${stops}`
        : needed.length === 0 && spec.body === "layers"
          ? spec.name
          : `${spec.name}(${stops})`;
    return {
      label: spec.name,
      kind: ItemKind.Function,
      detail: `(${fields.map(({ name, required }) => (required ? name : `${name}?`)).join(", ")})`,
      doc: spec.doc,
      snippet: spec.body === "layers" ? `${head} {\n  $0\n}` : head,
    };
  });

/** What the parts of a split are usually called; a spec may call them otherwise. */
const PARTS = ["train", "validation", "test"];

/** Names before the equals sign of a block of user names: columns where it is keyed by them. */
export function entryOffers(
  inside: Extract<Inside, { is: "entries" }>,
  cursor: Cursor,
  known: Known,
): Offer[] {
  const { meaning } = inside.field;
  if (meaning.is !== "map") return [];
  const items = cursor.blocks.at(-1)?.block?.items ?? [];
  const given = new Set(items.filter((item) => item !== cursor.item).map(nameOf));
  if (meaning.keys === "column" && meaning.of !== null) {
    const columns = known.columns(cursor, meaning.of) ?? [];
    return columns
      .filter(({ name }) => !given.has(name))
      .map(({ name, type, doc }) => ({
        label: name,
        kind: ItemKind.Field,
        detail: type,
        ...(doc === null ? {} : { doc }),
        snippet: `${written(name)} = $1`,
        rank: "own",
        more: true,
      }));
  }
  if (meaning.total !== undefined)
    return PARTS.filter((name) => !given.has(name)).map((label) => ({
      label,
      kind: ItemKind.EnumMember,
      snippet: `${label} = $1%`,
      rank: "wanted",
    }));
  if (meaning.keys === "parameter") {
    return known
      .symbols()
      .flatMap((symbol): Offer[] =>
        symbol.is === "parameter" && !given.has(symbol.name)
          ? [{ label: symbol.name, kind: ItemKind.Variable, snippet: `${symbol.name} = $1`, rank: "own" }]
          : [],
      );
  }
  return [];
}
