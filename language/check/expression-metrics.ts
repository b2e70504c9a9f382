/** Metrics in gates: `scored.f1`, `scored.recall(top = 10%)`, `champion.auc`, `baseline(majority).accuracy`. */

import type { Argument, Call, Expression, Member, Name } from "../syntax/tree.ts";
import type { FunctionSpec } from "../vocabulary/kind.ts";
import { metricKey } from "../vocabulary/metric-key.ts";
import type { MetricUse } from "../vocabulary/types.ts";
import { readMetricCall } from "./calls.ts";
import type { Site } from "./draft.ts";
import { inferArguments } from "./expression-calls.ts";
import { functionsIn } from "./expression-names.ts";
import type { ExpressionScope, Inferred } from "./expression-types.ts";
import { reportUnknown } from "./messages.ts";
import { type Path, resolvePath } from "./paths.ts";
import { reportNoMember } from "./references.ts";
import { edit, related } from "./source.ts";
import { listed } from "./suggest.ts";
import { type AnySymbol, bareName, type DeclarationSymbol, describeSymbol } from "./symbols.ts";

/** `object.metric(args)`, wherever the scope allows metrics. */
export function inferMetric(
  member: Member,
  args: readonly Argument[],
  scope: ExpressionScope,
): Inferred | null {
  const { site } = scope;
  if (scope.scope !== "metrics") {
    const text = site.source.lines.text.slice(member.span.start, member.span.end);
    site.report(
      "ML2036",
      { of: "an expression over rows", wanted: "reads columns", found: `; \`${text}\` is none` },
      member.span,
    );
    return null;
  }
  const { object } = member;
  if (object.kind === "missing") return null;
  const source = sourceOf(object, scope);
  if (source === null) return null;
  if (source.is === "open") {
    const read = readMetricCall(member.member, args, member.span, site);
    if (read === undefined) return null;
    const ratio = site.vocabulary.metrics[read.name]?.ratio ?? false;
    return { ir: { is: "literal", value: null }, type: "number", ratio };
  }
  const metric = readMetricCall(member.member, args, member.span, site);
  if (metric === null || metric === undefined) return null;
  const spec = site.vocabulary.metrics[metric.name];
  if (spec?.scalar === false) {
    site.report("ML2040", { metric: metric.name }, member.member.span);
    return null;
  }
  const key = metricKey(metric);
  const ratio = spec?.ratio ?? false;
  if (source.is === "function") {
    return source.call === null
      ? { ir: { is: "name", name: source.spec.name, path: [key] }, type: "number", ratio }
      : withRatio(inferArguments(source.call, source.spec, [key], scope), ratio);
  }
  site.refer(source.symbol.id);
  if (!computes(source.symbol, metric, member.member, scope)) return null;
  return { ir: { is: "ref", ref: source.symbol.id, path: [key] }, type: "number", ratio };
}

const withRatio = (inferred: Inferred | null, ratio: boolean): Inferred | null =>
  inferred === null ? null : { ...inferred, type: "number", ratio };

type MetricSource =
  | { readonly is: "function"; readonly spec: FunctionSpec; readonly call: Call | null }
  | { readonly is: "declaration"; readonly symbol: DeclarationSymbol }
  /** A parameter of a template that is read on its own. */
  | { readonly is: "open" };

/** What stands before the dot. */
function sourceOf(object: Expression, scope: ExpressionScope): MetricSource | null {
  const { site } = scope;
  const called = object.kind === "call" ? bareName(object.callee) : bareName(object);
  const functions = functionsIn(site.vocabulary, "metrics").filter((spec) => spec.members === "metrics");
  const spec = functions.find((candidate) => candidate.name === called?.text);
  if (spec !== undefined) return functionSource(spec, object, scope);
  const kinds = Object.values(site.vocabulary.kinds).filter((kind) => kind.offers?.metrics !== undefined);
  const wanted = kinds.map((kind) => kind.name);
  const words = functions.map((other) => other.name);
  if (object.kind === "call" && called !== null) {
    const made = site.world.instantiate(object, wanted, site);
    if (made === "refused") return null;
    if (made !== null) return { is: "declaration", symbol: made };
  }
  const path = resolvePath(object.kind === "call" ? object.callee : object, site.scope);
  if (path === null) {
    const values = {
      of: "a metric",
      wanted: "stands behind an evaluation, `champion` or `baseline(…)`",
      found: "",
    };
    site.report("ML2036", values, object.span);
    return null;
  }
  if (path.is === "unknown") return unknownSource(path, site, wanted, words);
  if (path.is === "failed") {
    site.fail(); // said where it is written
    return null;
  }
  const { symbol } = path;
  if (path.is === "open") {
    const { bound } = path.symbol;
    if (bound.is !== "unknown" || bound.type === null || wanted.includes(bound.type.name))
      return { is: "open" };
  } else if (symbol.is === "declaration" && object.kind !== "call" && path.rest.length === 0) {
    if (symbol.kind === null || symbol.kind.offers?.metrics !== undefined)
      return { is: "declaration", symbol };
  }
  const values = { attribute: site.label, wanted: wanted.join(" or "), found: describeSymbol(symbol) };
  site.report("ML2009", values, object.span, {
    related: [related(symbol.source, symbol.nameSpan, `\`${symbol.name}\` is declared here`)],
  });
  return null;
}

/** A name that nothing has, here or behind the dot of a template's use. */
function unknownSource(
  path: Extract<Path, { is: "unknown" }>,
  site: Site,
  wanted: readonly string[],
  words: readonly string[],
): null {
  if (path.within !== null) {
    reportNoMember(path, site);
    return null;
  }
  const fits = (other: AnySymbol) =>
    other.is === "declaration" ? wanted.includes(other.kindName) : other.is === "argument";
  const { name, scope } = path.at;
  const known = [...scope.names(fits), ...words];
  reportUnknown(site.in(scope), "ML2008", name, known, { name: name.text, wanted: wanted.join(" or ") });
  return null;
}

function functionSource(spec: FunctionSpec, object: Expression, scope: ExpressionScope): MetricSource | null {
  const count = object.kind === "call" ? object.arguments.length : 0;
  const required = spec.parameters.filter((parameter) => parameter.optional !== true).length;
  if (count >= required && count <= spec.parameters.length) {
    return { is: "function", spec, call: object.kind === "call" ? object : null };
  }
  scope.site.report(
    "ML2021",
    { of: spec.name, problem: required === 0 ? "takes no arguments" : `takes ${required} argument` },
    object.span,
    {
      help: `Such as \`${spec.example}\`.`,
    },
  );
  return null;
}

/** A gate reads only what the evaluation computes. */
function computes(symbol: DeclarationSymbol, metric: MetricUse, at: Name, scope: ExpressionScope): boolean {
  const { site } = scope;
  const { metrics } = site.world.offered(symbol.id);
  if (metrics === null || metrics.some((other) => metricKey(other) === metricKey(metric))) return true;
  const list = site.world.draft(symbol.id)?.locations.get("/metrics");
  const written = metricKey(metric).replaceAll("=", " = ").replaceAll(",", ", ");
  const place = list === undefined ? null : symbol.source.lines.text.lastIndexOf("]", list.end);
  const separator =
    place !== null && symbol.source.lines.text.slice(0, place).trimEnd().endsWith("[") ? "" : ", ";
  site.report(
    "ML3009",
    {
      metric: metricKey(metric),
      what: describeSymbol(symbol),
      computed: listed(metrics.map(metricKey), "and"),
    },
    at.span,
    {
      related: list === undefined ? [] : [related(symbol.source, list, "its metrics")],
      fixes:
        place === null || place < 0
          ? []
          : [
              {
                title: `add \`${written}\` to its metrics`,
                edits: [edit(symbol.source, { start: place, end: place }, `${separator}${written}`)],
              },
            ],
    },
  );
  return false;
}
