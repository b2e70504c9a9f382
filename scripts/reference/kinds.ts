/** One page for each kind, and its overview. */
import type { Kind, Variant, Vocabulary } from "../../language/vocabulary/kind.ts";
import { type Field, fieldsOf } from "../../language/vocabulary/schema.ts";
import { fieldTables } from "./attributes.ts";
import { code, fence, GENERATED, page } from "./markdown.ts";

/** By path relative to `docs/reference/`. */
export function kindPages(vocabulary: Vocabulary): Record<string, string> {
  return Object.fromEntries(
    Object.values(vocabulary.kinds).map((kind) => [`kinds/${kind.name}.md`, kindPage(kind, vocabulary)]),
  );
}

function kindPage(kind: Kind, vocabulary: Vocabulary): string {
  const variants = Object.values<Variant>(kind.variants);
  const shared = variants.length > 1 ? sharedFields(variants) : [];
  const names = new Set(shared.map((field) => field.name));
  return page(
    `# ${kind.name}`,
    GENERATED,
    // The examples stand on declarations that the page does not repeat; the test of the docs puts them in front.
    `<!-- context: ${kind.name} -->`,
    kind.doc,
    head(kind),
    ...(kind.outcomes === undefined
      ? []
      : [
          `A test may expect ${Object.entries(kind.outcomes)
            .map(([word, doc]) => `\`${word}\` (${doc.replace(/\.$/, "")})`)
            .join(", ")} of it.`,
        ]),
    ...(shared.length === 0 ? [] : ["## What every variant takes", ...fieldTables(shared, vocabulary)]),
    ...variants.flatMap((variant) => {
      const own = fieldsOf(variant.schema).filter((field) => !names.has(field.name));
      const title =
        variants.length > 1 || kind.variantRequired ? `## ${kind.name}: ${variant.name}` : "## Attributes";
      return [
        title,
        variants.length > 1 ? variant.doc : null,
        variant.tasks === undefined ? null : `Learns: ${variant.tasks.join(", ")}.`,
        fence("mlops", variant.example),
        ...fieldTables(own, vocabulary),
      ];
    }),
  );
}

function head(kind: Kind): string {
  const facts = [
    kind.variantRequired
      ? `Written \`${kind.name} NAME: VARIANT { … }\`; the variants are ${Object.keys(kind.variants).map(code).join(", ")}.`
      : `Written \`${kind.name} NAME { … }\`.`,
    kind.stateful
      ? "It is kept under its name outside: renaming the declaration moves it unless `name` says otherwise."
      : null,
    kind.terminal
      ? "Nothing needs to refer to it."
      : `Something must use it: ${kind.unused ?? "refer to it by name"}.`,
  ];
  return facts.filter((fact) => fact !== null).join(" ");
}

/** Fields that all variants have in the same words. */
function sharedFields(variants: readonly Variant[]): Field[] {
  const [first, ...others] = variants.map((variant) => fieldsOf(variant.schema));
  const same = (a: Field, b: Field) =>
    a.name === b.name && a.inner === b.inner && JSON.stringify(a.fallback) === JSON.stringify(b.fallback);
  return (first ?? []).filter((field) =>
    others.every((fields) => fields.some((other) => same(field, other))),
  );
}
