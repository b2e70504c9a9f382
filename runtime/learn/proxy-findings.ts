/** Warnings about columns that give the answer away, at the line where each is declared. */
import type { RowSource } from "../data/source.ts";
import type { RuntimeDiagnostic, StepContext } from "../execute/step.ts";
import type { Frame, Target } from "./frame.ts";
import { findProxies } from "./proxy.ts";

export function proxyFindings(
  { program, declaration }: Pick<StepContext, "program" | "declaration">,
  source: RowSource,
  frame: Frame,
  labels: Target,
  target: string,
): RuntimeDiagnostic[] {
  return findProxies(frame, labels).map(({ column: feature, tells }) => {
    // `area=north` is one level of `area`.
    const columns = source.columns.map(({ name }) => name);
    const column = columns.includes(feature) ? feature : feature.replace(/=[^=]*$/, "");
    return { code: "ML4082", values: { column, target, tells }, ...placeOf(column) };
  });

  function placeOf(column: string): { declaration: string; pointer: string } {
    const at = (id: string, pointer: string) =>
      program.declarations.find((other) => other.id === id)?.locations[pointer] !== undefined;
    const index = source.columns.findIndex(({ name }) => name === column);
    if (at(source.dataset, `/schema/${index}`))
      return { declaration: source.dataset, pointer: `/schema/${index}` };
    if (at(source.declaration, `/derive/${column}`))
      return { declaration: source.declaration, pointer: `/derive/${column}` };
    return { declaration: declaration.id, pointer: "/data" };
  }
}
