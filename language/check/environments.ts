/** `environment prod { set { trees = 400 } vary { api.port = 8443 } }`: what differs where a pipeline runs. */
import type { Json } from "../ir/canonical.ts";
import type { Attribute, Expression } from "../syntax/tree.ts";
import { fieldsOf } from "../vocabulary/schema.ts";
import type { Site } from "./draft.ts";
import type { Gatherer } from "./gather.ts";
import { meantBy } from "./meant.ts";
import { reportUnknown } from "./messages.ts";
import { readGiven } from "./parameters.ts";
import { resolvePath } from "./paths.ts";
import type { Scope } from "./scope.ts";
import { related } from "./source.ts";
import { listed } from "./suggest.ts";
import { type DeclarationSymbol, describeSymbol, pathOf } from "./symbols.ts";

interface Variation {
  readonly attribute: string;
  readonly expression: Expression;
  readonly scope: Scope;
}

/** What an environment changes, by the id of the declaration. */
export type Variations = ReadonlyMap<string, readonly Variation[]>;

const attributesOf = (environment: DeclarationSymbol, block: string): Attribute[] =>
  (environment.body.phrase.block?.items ?? []).flatMap((item) =>
    item.kind === "phrase" && item.head.text === block
      ? (item.block?.items ?? []).filter((inner) => inner.kind === "attribute")
      : [],
  );

/** Gives parameters the values of the environment of that name; says so, and gives null, when there is none. */
export function chooseEnvironment(name: string, entry: Scope, gatherer: Gatherer): DeclarationSymbol | null {
  const isEnvironment = (symbol: DeclarationSymbol) => symbol.kind?.role === "environment";
  const chosen = entry.own.get(name);
  if (chosen?.is !== "declaration" || !isEnvironment(chosen)) {
    const known = entry.names((symbol) => symbol.is === "declaration" && isEnvironment(symbol));
    const { values } = meantBy(name, known, { start: 0, end: 0 }, entry.source, gatherer.vocabulary);
    gatherer.reporter.say("ML2063", { ...values, name }, entry, { start: 0, end: 0 });
    return null;
  }
  const { scope } = chosen.body;
  for (const { name: parameter, value: expression } of attributesOf(chosen, "set")) {
    const symbol = scope.lookup(parameter.text);
    if (symbol?.is === "parameter") symbol.given = { is: "written", expression, scope };
  }
  return chosen;
}

/** The attributes that an environment gives another value, once everything has its name. */
export function variationsOf(chosen: DeclarationSymbol): Variations {
  const { scope } = chosen.body;
  const variations = new Map<string, Variation[]>();
  for (const attribute of attributesOf(chosen, "vary")) {
    const target = targetOf(attribute, scope);
    if (target === null) continue;
    const known = variations.get(target.symbol.id) ?? [];
    known.push({ attribute: target.attribute, expression: attribute.value, scope });
    variations.set(target.symbol.id, known);
  }
  return variations;
}

/** The declaration and the attribute that `api.port` names; null when it names none. */
function targetOf(
  attribute: Attribute,
  scope: Scope,
): { readonly symbol: DeclarationSymbol; readonly attribute: string } | null {
  const names = pathOf(attribute);
  const last = names.at(-1)!;
  let object: Expression | null = null;
  for (const name of names.slice(0, -1))
    object =
      object === null
        ? { kind: "reference", name, span: name.span }
        : { kind: "member", object, member: name, span: { start: object.span.start, end: name.span.end } };
  const path = object === null ? null : resolvePath(object, scope);
  if (path?.is !== "symbol" || path.symbol.is !== "declaration" || path.rest.length > 0) return null;
  return { symbol: path.symbol, attribute: last.text };
}

/** Reads `set { trees = 400 }`: each name is a parameter's. */
export function readSettings(entries: readonly Attribute[], site: Site): Record<string, Json> {
  const values: Record<string, Json> = {};
  const known = site.scope.names((symbol) => symbol.is === "parameter");
  for (const { name, value: expression, span } of entries) {
    const symbol = site.lookup(name.text);
    if (symbol?.is !== "parameter") {
      reportUnknown(site, "ML2008", name, known, { name: name.text, wanted: "parameter" });
      continue;
    }
    const { reporter, vocabulary } = site.world;
    const value = readGiven(expression, symbol.spec, site.scope, { reporter, vocabulary });
    if (value === null || value === "unknown") {
      site.fail();
      continue;
    }
    site.at(name.text).locate(span);
    values[name.text] = value.value;
  }
  return values;
}

/** Reads `vary { api.port = 8443 }`: each path is an attribute that may differ between environments. */
export function readVariations(entries: readonly Attribute[], site: Site): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const entry of entries) {
    const names = pathOf(entry);
    const path = names.map((name) => name.text).join(".");
    const target = targetOf(entry, site.scope);
    const last = names.at(-1)!;
    if (target === null) {
      reportNoTarget(entry, site);
      continue;
    }
    const { symbol } = target;
    if (symbol.kind === null || symbol.variant === null) continue;
    const may = fieldsOf(symbol.variant.schema).filter((field) => field.mayDiffer);
    const field = may.find((candidate) => candidate.name === last.text);
    const what = describeSymbol(symbol);
    if (field === undefined) {
      const known = may.map((candidate) => candidate.name);
      const all = fieldsOf(symbol.variant.schema).map((candidate) => candidate.name);
      if (all.includes(last.text)) {
        const values = { attribute: last.text, what, may: listed(known, "and") };
        site.report("ML2064", values, last.span, {
          related: [related(symbol.source, symbol.nameSpan, "declared here")],
        });
      } else reportUnknown(site, "ML2005", last, known, { attribute: last.text, what });
      continue;
    }
    const inner = site.at(path, last.text);
    const value = inner.read(entry.value, field);
    if (value === undefined) continue;
    inner.locate(entry.span);
    values[path] = value;
  }
  return values;
}

function reportNoTarget(entry: Attribute, site: Site): void {
  const [first, second] = pathOf(entry);
  if (second === undefined || first === undefined) {
    site.report("ML2065", { name: entry.name.text }, entry.name.span);
    return;
  }
  const symbol = site.lookup(first.text);
  const known = site.scope.names((other) => other.is === "declaration");
  if (symbol === undefined)
    reportUnknown(site, "ML2008", first, known, { name: first.text, wanted: "declaration" });
  else {
    const values = { attribute: site.label, wanted: "declaration", found: describeSymbol(symbol) };
    site.report("ML2009", values, first.span);
  }
}
