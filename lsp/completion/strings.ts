/** Inside quotes: files, imports, placeholders. */
import { dirname, join } from "node:path/posix";
import type { Typed } from "../../language/vocabulary/schema.ts";
import type { Cursor } from "../cursor.ts";
import type { Disk } from "../files.ts";
import { ItemKind, type Offer } from "./item.ts";

/** What stands between the opening quote and the cursor. */
export function typedInString(cursor: Cursor): string | null {
  const literal = cursor.inside.findLast((node) => node.kind === "string");
  if (literal?.kind !== "string" || cursor.offset <= literal.span.start) return null;
  const quotes = literal.block ? 3 : 1;
  return cursor.parsed.text.slice(literal.span.start + quotes, cursor.offset);
}

/** Files and folders below the spec's own, as far as they are typed. */
export function pathOffers(typed: string, spec: string, disk: Disk): Offer[] {
  const folder = typed.includes("/") ? typed.slice(0, typed.lastIndexOf("/") + 1) : "";
  return disk.list(join(dirname(spec), folder).replace(/\/$/, "")).map((name) => ({
    label: name,
    kind: name.endsWith("/") ? ItemKind.Folder : ItemKind.File,
    rank: name.endsWith("/") ? "word" : "own",
    more: name.endsWith("/"),
  }));
}

/** What an import may name: specs beside this one, and the language's own library. */
export function importOffers(typed: string, spec: string, disk: Disk): Offer[] {
  const standard: Offer[] = ["std/gates", "std/pipelines", "std/transformers"].map((label) => ({
    label,
    kind: ItemKind.Module,
    rank: "word",
  }));
  if (!typed.startsWith("."))
    return [...standard, { label: "./", kind: ItemKind.Folder, rank: "own", more: true }];
  return pathOffers(typed, spec, disk).filter(({ label }) => label.endsWith("/") || label.endsWith(".mlops"));
}

/** `{name}` of a template: the inputs that its declaration names. */
export function placeholderOffers(typed: string, cursor: Cursor): Offer[] {
  const open = typed.lastIndexOf("{");
  if (open < 0 || typed.slice(open).includes("}")) return [];
  const items = cursor.blocks[0]?.block?.items ?? [];
  const names = items.flatMap((item) => {
    if (item.kind !== "phrase" || !["input", "inputs", "outputs"].includes(item.head.text)) return [];
    return (item.block?.items ?? []).flatMap((inner) =>
      inner.kind === "column" || inner.kind === "attribute" ? [inner.name.text] : [],
    );
  });
  return names.map((label) => ({ label, kind: ItemKind.Variable, text: `${label}}`, rank: "own" }));
}

export const isTemplate = ({ meaning }: Typed): boolean => meaning.is === "template";
export const isPath = ({ meaning }: Typed): boolean =>
  meaning.is === "path" || (meaning.is === "reference" && meaning.path === true);
