/** Reads the layers of an architecture: a call a line, some with layers of their own. */
import type { Json } from "../ir/canonical.ts";
import type { Argument, Block, Item, Phrase } from "../syntax/tree.ts";
import { fieldsOf } from "../vocabulary/schema.ts";
import { readArguments } from "./calls.ts";
import type { Site } from "./draft.ts";
import { reportUnknown } from "./messages.ts";
import { edit } from "./source.ts";

/** Deeper nests are a mistake, and would end the stack. */
const DEEPEST = 32;

/** Lowers to `Layer[]`, in the order written; undefined when a layer was not accepted, which has been said. */
export function readLayers(block: Block, site: Site, depth = 0): Json | undefined {
  const before = site.errors;
  const layers: Json[] = [];
  for (const item of block.items) {
    const layer = readLayer(item, site.at(layers.length), depth);
    if (layer !== undefined) layers.push(layer);
  }
  return site.errors === before ? layers : undefined;
}

function readLayer(item: Item, site: Site, depth: number): Json | undefined {
  const { vocabulary } = site;
  const known = Object.keys(vocabulary.layers);
  if (item.kind !== "phrase") {
    const text = firstLine(item, site);
    const wanted = "write layers: `dense(64, relu)`";
    site.report("ML2029", { item: `\`${text}\``, where: "an architecture", wanted }, item.span);
    return undefined;
  }
  const spec = Object.hasOwn(vocabulary.layers, item.head.text)
    ? vocabulary.layers[item.head.text]
    : undefined;
  if (spec === undefined) {
    reportUnknown(site, "ML3130", item.head, known, { layer: item.head.text });
    return undefined;
  }
  if (depth >= DEEPEST) {
    site.report("ML3133", { layer: spec.name, deepest: String(DEEPEST) }, item.head.span);
    return undefined;
  }
  const before = site.errors;
  site.locate(item.span);
  refuseRest(item, site);
  const args = argumentsOf(item, spec.name, spec.body === "layers", site);
  const fields = fieldsOf(spec.args);
  const values =
    args === null ? undefined : readArguments(args, fields, spec.name, item.head.span, site.at("args"));
  if (spec.body === "none") {
    if (item.block !== null) {
      const values = { item: "a block", where: `\`${spec.name}\``, wanted: "take it out" };
      site.report("ML2029", values, item.block.span);
    }
    return site.errors === before && values !== undefined ? { layer: spec.name, args: values } : undefined;
  }
  if (item.block === null) {
    site.report("ML3132", { layer: spec.name }, item.span);
    return undefined;
  }
  const inner = readLayers(item.block, site.at("layers"), depth + 1);
  if (site.errors !== before || values === undefined || inner === undefined) return undefined;
  return { layer: spec.name, args: values, layers: inner };
}

/** `dense(64, relu)` gives its arguments in parentheses, `repeat 4 { … }` its one without. */
function argumentsOf(phrase: Phrase, name: string, hasBody: boolean, site: Site): readonly Argument[] | null {
  const { operand } = phrase;
  if (operand !== null && hasBody && phrase.arguments === null) {
    return operand.kind === "missing"
      ? null
      : [{ kind: "argument", name: null, type: null, value: operand, span: operand.span }];
  }
  if (operand !== null) {
    const text = site.source.lines.text.slice(operand.span.start, operand.span.end);
    const fix = edit(site.source, { start: phrase.head.span.end, end: operand.span.end }, `(${text})`);
    site.report("ML3131", { written: `${name}(${text})` }, phrase.span, {
      fixes: [{ title: `write \`${name}(${text})\``, edits: [fix] }],
    });
    return null;
  }
  if (phrase.arguments === null && !hasBody) {
    const end = { start: phrase.head.span.end, end: phrase.head.span.end };
    site.report("ML3131", { written: `${name}()` }, phrase.head.span, {
      fixes: [{ title: `write \`${name}()\``, edits: [edit(site.source, end, "()")] }],
    });
    return null;
  }
  return phrase.arguments ?? [];
}

/** What a phrase may have and a layer has not. */
function refuseRest(phrase: Phrase, site: Site): void {
  const rest = [phrase.variant, phrase.value, phrase.message, ...phrase.clauses];
  for (const part of rest) {
    if (part === null || ("kind" in part && part.kind === "missing")) continue;
    const text = site.source.lines.text.slice(part.span.start, part.span.end).split("\n")[0]!.slice(0, 40);
    const values = { item: `\`${text}\``, where: "a layer", wanted: "take it out" };
    site.report("ML2029", values, part.span);
  }
}

const firstLine = (item: Item, site: Site): string =>
  site.source.lines.text.slice(item.span.start, item.span.end).split("\n")[0]!.slice(0, 40);
