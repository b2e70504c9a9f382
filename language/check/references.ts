/** References to other declarations: `loans`, `applicant.train`, `loan_approval.champion`. */
import type { Json } from "../ir/canonical.ts";
import type { Expression, Name, Span } from "../syntax/tree.ts";
import type { Meaning } from "../vocabulary/types.ts";
import type { Site } from "./draft.ts";
import { expected, reportUnknown, wrongType } from "./messages.ts";
import { type NameAt, type Path, resolvePath } from "./paths.ts";
import { related } from "./source.ts";
import { listed, nearest } from "./suggest.ts";
import { type AnySymbol, type DeclarationSymbol, describeSymbol } from "./symbols.ts";

type ReferenceMeaning = Extract<Meaning, { is: "reference" }>;

/** Reads a reference and the part after its dot. */
export function readReference(
  expression: Expression,
  meaning: ReferenceMeaning,
  site: Site,
): Json | undefined {
  const wanted = meaning.to.join(" or ");
  if (expression.kind === "call") {
    const made = site.world.instantiate(expression, meaning.to, site);
    if (made === "refused") return undefined;
    return made === null ? wrongType(site, expression, expected(meaning)) : refer(made, [], meaning, site);
  }
  const path = resolvePath(expression, site.scope);
  if (path === null) return wrongType(site, expression, expected(meaning));
  if (path.is === "failed" || path.is === "open") site.fail(); // said where it is written, or not known yet
  if (path.is === "failed") return undefined;
  if (path.is === "open") {
    const { bound } = path.symbol;
    if (bound.is === "unknown" && bound.type !== null && !meaning.to.includes(bound.type.name))
      notWanted(path.symbol, expression.span, wanted, site);
    return undefined;
  }
  if (path.is === "unknown") {
    const { name, scope } = path.at;
    if (path.within !== null) reportNoMember(path, site);
    else {
      const fits = scope.names(
        (other) =>
          (other.is === "declaration" || other.is === "generic") && meaning.to.includes(other.kindName),
      );
      reportUnknown(site.in(scope), "ML2008", name, fits, { name: name.text, wanted });
    }
    return undefined;
  }
  const { symbol } = path;
  if (symbol.is === "generic" && meaning.to.includes(symbol.kindName)) {
    const needed = symbol.parameters
      .filter((spec) => spec.fallback === null)
      .map((spec) => `${spec.name} = …`);
    const written = `${symbol.name}(${needed.join(", ")})`;
    site.report("ML2061", { name: symbol.name, written }, expression.span, {
      related: [related(symbol.source, symbol.nameSpan, `${describeSymbol(symbol)} has parameters`)],
    });
    return undefined;
  }
  // What an unknown kind may be is not known; that it is unknown has been said.
  if (symbol.is === "declaration" && symbol.kind === null) return { ref: symbol.id };
  if (symbol.is !== "declaration" || !meaning.to.includes(symbol.kindName)) {
    notWanted(symbol, path.at.name.span, wanted, site.in(path.at.scope));
    return undefined;
  }
  return refer(symbol, path.rest, meaning, site, path.at);
}

function notWanted(symbol: AnySymbol, span: Span, wanted: string, site: Site): void {
  site.report("ML2009", { attribute: site.label, wanted, found: describeSymbol(symbol) }, span, {
    related: [related(symbol.source, symbol.nameSpan, `\`${symbol.name}\` is declared here`)],
  });
}

/** Says that a template's use has nothing of that name. */
export function reportNoMember(path: Extract<Path, { is: "unknown" }>, site: Site): void {
  const { name, scope } = path.at;
  const known = [...path.scope.own]
    .filter(([, symbol]) => symbol.is !== "argument")
    .map(([member]) => member);
  const what = path.within === null ? "the template" : describeSymbol(path.within);
  reportUnknown(site.in(scope), "ML2062", name, known, { name: name.text, what });
}

function refer(
  symbol: DeclarationSymbol,
  rest: readonly NameAt[],
  meaning: ReferenceMeaning,
  site: Site,
  base?: NameAt,
): Json | undefined {
  site.refer(symbol.id);
  const [part = null, extra] = rest;
  const written = site.written ?? base?.name.text ?? symbol.name;
  const named = meaning.named === true && written !== symbol.name ? { as: written } : {};
  const inner = part === null ? site : site.in(part.scope);
  if (meaning.column === true) return referToTexts(symbol, rest, site);
  if (extra !== undefined) {
    const what = describeSymbol(symbol);
    site
      .in(extra.scope)
      .report(
        "ML2012",
        { attribute: site.label, name: symbol.name, what, part: extra.name.text },
        extra.name.span,
      );
    return undefined;
  }
  if (symbol.kind?.offers?.partsAreOutputs === true) {
    const at = base?.name ?? part?.name ?? null;
    return at !== null && readOutput(symbol, part?.name ?? null, inner, at)
      ? { ref: symbol.id, part: part!.name.text, ...named }
      : undefined;
  }
  if (part === null) return { ref: symbol.id, ...named };
  return readPart(symbol, part.name, meaning, inner)
    ? { ref: symbol.id, part: part.name.text, ...named }
    : undefined;
}

/** `pairs`, `pairs.train`, `pairs.spoken` or `pairs.train.spoken`. */
function referToTexts(symbol: DeclarationSymbol, rest: readonly NameAt[], site: Site): Json | undefined {
  const what = describeSymbol(symbol);
  const { parts, columns } = site.world.offered(symbol.id);
  const isPart = ({ name }: NameAt) => parts?.includes(name.text) ?? true;
  const isColumn = ({ name }: NameAt) => columns?.some((column) => column.name === name.text) === true;
  const [first, second, extra] = rest;
  if (extra !== undefined) {
    const values = { attribute: site.label, name: symbol.name, what, part: extra.name.text };
    site.in(extra.scope).report("ML2012", values, extra.name.span);
    return undefined;
  }
  const alone =
    second === undefined &&
    first !== undefined &&
    isColumn(first) &&
    parts?.includes(first.name.text) !== true;
  const part = alone ? undefined : first;
  const column = alone ? first : second;
  if (part !== undefined && !isPart(part)) {
    const known = [
      ...(parts ?? []),
      ...(second === undefined ? (columns ?? []).map(({ name }) => name) : []),
    ];
    const code = known.length === 0 ? "ML2011" : "ML2010";
    reportUnknown(site.in(part.scope), code, part.name, known, { part: part.name.text, what });
    return undefined;
  }
  if (column === undefined) {
    const texts = columns?.filter(({ type }) => type === "text") ?? [];
    if (columns !== null && texts.length !== 1) {
      const names = listed(
        (texts.length === 0 ? columns : texts).map(({ name }) => `${symbol.name}.${name}`),
      );
      site.report(
        "ML3134",
        { what, known: names },
        (rest.at(-1)?.name ?? { span: site.symbol.nameSpan }).span,
      );
    }
  } else if (columns !== null && !isColumn(column)) {
    const names = columns.map(({ name }) => name);
    reportUnknown(site.in(column.scope), "ML2020", column.name, names, {
      column: column.name.text,
      where: what,
    });
    return undefined;
  }
  return {
    ref: symbol.id,
    ...(part === undefined ? {} : { part: part.name.text }),
    ...(column === undefined ? {} : { column: column.name.text }),
  };
}

/** Of what makes files, one is named. */
function readOutput(symbol: DeclarationSymbol, part: Name | null, site: Site, base: Name): boolean {
  const what = describeSymbol(symbol);
  const { parts } = site.world.offered(symbol.id);
  if (part !== null && (parts === null || parts.includes(part.text))) return true;
  const near = part === null ? null : nearest(part.text, parts ?? []);
  const meant = near === null ? (parts ?? ["output"]) : [near];
  const written = listed(meant.map((name) => `${symbol.name}.${name}`));
  if (part === null) site.report("ML8031", { what, written, problem: "is read by its outputs" }, base.span);
  else
    reportUnknown(site, "ML8031", part, parts ?? [], {
      what,
      written,
      problem: `has no output \`${part.text}\``,
    });
  return false;
}

function readPart(symbol: DeclarationSymbol, part: Name, meaning: ReferenceMeaning, site: Site): boolean {
  const what = describeSymbol(symbol);
  if (meaning.part === null) {
    site.report("ML2012", { attribute: site.label, name: symbol.name, what, part: part.text }, part.span);
    return false;
  }
  const offered = site.world.offered(symbol.id);
  if (meaning.part === "split") {
    if (offered.parts === null || offered.parts.includes(part.text)) return true;
    const code = offered.parts.length === 0 ? "ML2011" : "ML2010";
    reportUnknown(site, code, part, offered.parts, { part: part.text, what });
    return false;
  }
  if (offered.aliases === null || offered.aliases.includes(part.text)) return true;
  const moved = listed(offered.aliases, "and");
  site.report("ML3007", { alias: part.text, what, moved }, part.span, {
    related: [related(symbol.source, symbol.nameSpan, `${what} moves ${moved}`)],
  });
  return true;
}
