/** References to other declarations: `loans`, `applicant.train`, `loan_approval.champion`. */
import type { Json } from "../ir/canonical.ts";
import type { Expression, Name } from "../syntax/tree.ts";
import type { Meaning } from "../vocabulary/types.ts";
import type { Site } from "./draft.ts";
import { expected, reportUnknown, wrongType } from "./messages.ts";
import { related } from "./source.ts";
import { listed, nearest } from "./suggest.ts";
import { type DeclarationSymbol, describeSymbol } from "./symbols.ts";

type ReferenceMeaning = Extract<Meaning, { is: "reference" }>;

interface Dotted {
  readonly base: Name;
  readonly part: Name | null;
}

function dotted(expression: Expression): Dotted | null {
  if (expression.kind === "reference") return { base: expression.name, part: null };
  if (expression.kind !== "member" || expression.object.kind !== "reference") return null;
  return { base: expression.object.name, part: expression.member };
}

/** Reads a reference and the part after its dot. */
export function readReference(
  expression: Expression,
  meaning: ReferenceMeaning,
  site: Site,
): Json | undefined {
  const found = dotted(expression);
  if (found === null) return wrongType(site, expression, expected(meaning));
  const { base, part } = found;
  const symbol = site.world.symbol(base.text);
  if (symbol === undefined) {
    const candidates: string[] = [];
    for (const other of site.world.symbols()) {
      if (other.is === "declaration" && meaning.to.includes(other.kindName)) candidates.push(other.name);
    }
    reportUnknown(site, "ML2008", base, candidates, { name: base.text, wanted: meaning.to.join(" or ") });
    return undefined;
  }
  // What an unknown kind may be is not known; that it is unknown has been said.
  if (symbol.is === "declaration" && symbol.kind === null) return { ref: symbol.id };
  if (symbol.is !== "declaration" || !meaning.to.includes(symbol.kindName)) {
    const wanted = meaning.to.join(" or ");
    site.report("ML2009", { attribute: site.label, wanted, found: describeSymbol(symbol) }, base.span, {
      related: [related(symbol.source, symbol.nameSpan, `\`${symbol.name}\` is declared here`)],
    });
    return undefined;
  }
  site.refer(symbol.id);
  if (symbol.kind?.offers?.partsAreOutputs === true)
    return readOutput(symbol, part, site, base) ? { ref: symbol.id, part: part!.text } : undefined;
  if (part === null) return { ref: symbol.id };
  return readPart(symbol, part, meaning, site) ? { ref: symbol.id, part: part.text } : undefined;
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
