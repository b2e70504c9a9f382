/** A prediction and its explanation as people read them. */
import { type Explanation, ruleOf, type TreePath } from "../runtime/portable/explain.ts";
import type { PortableModel } from "../runtime/portable/form.ts";
import type { Terminal } from "./command.ts";

/** Trees and columns shown; `--json` has all. */
const SHOWN = 8;

/** The label with its probabilities, or the value. */
export function printPrediction(
  terminal: Terminal,
  model: PortableModel,
  served: { readonly name: string; readonly version: number },
  { prediction }: Explanation,
): void {
  const from = `(${served.name} version ${served.version})`;
  if (prediction.probabilities === null) {
    terminal.out(`${model.target} = ${prediction.predicted} ${from}`);
    return;
  }
  terminal.out(`${model.target} = ${prediction.label} ${from}`);
  model.classes.forEach((name, k) => {
    terminal.out(`  ${name}: ${((prediction.probabilities?.[k] ?? 0) * 100).toFixed(1)}%`);
  });
}

/** The rules or contributions that matter most. */
export function printExplanation(terminal: Terminal, model: PortableModel, explanation: Explanation): void {
  const { outputs } = model.learner;
  const sums = (values: readonly number[]) => values.map((value) => signed(value)).join(", ");
  const names = outputs === model.classes.length ? ` for ${model.classes.join(", ")}` : "";
  terminal.out(`starts from ${explanation.base.map(short).join(", ")}${names}`);
  if (explanation.is !== "trees") {
    const some = explanation.contributions.filter(({ adds }) => adds.some((value) => value !== 0));
    for (const { feature, value, adds } of some.slice(0, SHOWN)) {
      terminal.out(`  ${sums(adds)}  ${feature} is ${short(value)}`);
    }
    more(terminal, some.length, "columns");
  } else {
    const size = ({ adds }: TreePath) => Math.max(...adds.map(Math.abs));
    const largest = [...explanation.paths].sort((a, b) => size(b) - size(a)).slice(0, SHOWN);
    for (const { tree, conditions, adds } of largest) {
      const rule = ruleOf(conditions).join(" and ") || "always";
      const values = new Map(conditions.map(({ feature, value }) => [feature, value]));
      const row = [...values]
        .map(([feature, value]) => `${feature} is ${value === null ? "missing" : short(value)}`)
        .join(", ");
      terminal.out(`  ${sums(adds)}  tree ${tree}: ${rule}${row === "" ? "" : `  [${row}]`}`);
    }
    more(terminal, explanation.paths.length, "trees");
  }
  terminal.out(`raw output ${[...explanation.prediction.raw].map(short).join(", ")}`);
}

function more(terminal: Terminal, count: number, what: string): void {
  if (count > SHOWN) terminal.out(`  … and ${count - SHOWN} more ${what} that add less; --json has them all`);
}

function short(value: number | string): string {
  return typeof value === "string" ? value : String(Number(value.toPrecision(6)));
}

function signed(value: number): string {
  return value < 0 ? short(value) : `+${short(value)}`;
}
