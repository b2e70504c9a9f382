import type { Declaration } from "../../language/ir/program.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import { resolveSource } from "../data/source.ts";
import type { PortableModel } from "../portable/form.ts";
import type { TestContext } from "./context.ts";

/** The column that a model predicts, as its dataset has it. */
export function targetOf(
  context: TestContext,
  declaration: Declaration,
  model: PortableModel,
): ColumnSchema | null {
  const data = declaration.props["data"] as unknown as Reference; // as the model's schema has it
  const { columns } = resolveSource({ program: context.program, inputs: context.results }, data);
  return columns.find(({ name }) => name === model.target) ?? null;
}
