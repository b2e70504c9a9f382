import type { MetricUse } from "./types.ts";

/**
 * A metric's canonical spelling, under which results are kept: `f1`, `recall(top=0.1)`, `f1(average=macro)`;
 * arguments in alphabetical order.
 */
export function metricKey(use: MetricUse): string {
  const args = Object.keys(use.args)
    .sort()
    .map((name) => `${name}=${String(use.args[name])}`);
  return args.length === 0 ? use.name : `${use.name}(${args.join(",")})`;
}
