/** Metrics in gates: `scored.f1`, `scored.recall(top = 10%)`, `champion.auc`, `baseline(majority).accuracy`. */

import type { Argument, Call, Expression, Member, Name } from "../syntax/tree.ts";
import type { FunctionSpec } from "../vocabulary/kind.ts";
import { metricKey } from "../vocabulary/metric-key.ts";
import type { MetricUse } from "../vocabulary/types.ts";
import { readMetricCall } from "./calls.ts";
import { inferArguments } from "./expression-calls.ts";
import { functionsIn } from "./expression-names.ts";
import type { ExpressionScope, Inferred } from "./expression-types.ts";
import { reportUnknown } from "./messages.ts";
import { edit, related } from "./source.ts";
import { listed } from "./suggest.ts";
import { type DeclarationSymbol, describeSymbol } from "./symbols.ts";

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
  | { readonly is: "declaration"; readonly symbol: DeclarationSymbol };

/** What stands before the dot. */
function sourceOf(object: Expression, scope: ExpressionScope): MetricSource | null {
  const { site } = scope;
  const name: Name | null =
    object.kind === "reference"
      ? object.name
      : object.kind === "call" && object.callee.kind === "reference"
        ? object.callee.name
        : null;
  if (name === null) {
    site.report(
      "ML2036",
      { of: "a metric", wanted: "stands behind an evaluation, `champion` or `baseline(…)`", found: "" },
      object.span,
    );
    return null;
  }
  const functions = functionsIn(site.vocabulary, "metrics").filter((spec) => spec.members === "metrics");
  const spec = functions.find((candidate) => candidate.name === name.text);
  if (spec !== undefined) return functionSource(spec, object, scope);
  const symbol = site.world.symbol(name.text);
  if (symbol?.is === "declaration" && object.kind === "reference") {
    if (symbol.kind === null || symbol.kind.offers?.metrics !== undefined)
      return { is: "declaration", symbol };
  }
  const kinds = Object.values(site.vocabulary.kinds).filter((kind) => kind.offers?.metrics !== undefined);
  const wanted = kinds.map((kind) => kind.name).join(" or ");
  if (symbol !== undefined) {
    site.report("ML2009", { attribute: site.label, wanted, found: describeSymbol(symbol) }, name.span, {
      related: [related(symbol.source, symbol.nameSpan, `\`${symbol.name}\` is declared here`)],
    });
    return null;
  }
  const known = [...site.world.symbols()].filter(
    (other) => other.is === "declaration" && kinds.some((kind) => kind.name === other.kindName),
  );
  reportUnknown(
    site,
    "ML2008",
    name,
    [...known.map((other) => other.name), ...functions.map((other) => other.name)],
    { name: name.text, wanted },
  );
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
