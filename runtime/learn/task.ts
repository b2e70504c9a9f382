/** What is learnt follows from the target's type and the variant. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { Json } from "../execute/step.ts";
import { LearnFailure } from "./fit.ts";
import type { Target } from "./frame.ts";
import { VARIANTS, type Variant } from "./variants.ts";

/**
 * Whole numbers are classes for a variant that can only classify, when they count from 0: then a class's number
 * and its name are the same wherever the column is read. Others are refused (ML5004 says to declare a category).
 */
export function classTarget(target: Target, column: ColumnSchema, variant: Variant): Target {
  if (target.task !== "regression" || VARIANTS[variant].regresses || column.type !== "int") return target;
  const distinct = [...new Set(target.values)].sort((a, b) => a - b);
  if (distinct.some((value, i) => value !== i)) return target;
  return {
    task: distinct.length <= 2 ? "binary" : "multiclass",
    values: target.values,
    classes: distinct.map(String),
  };
}

/** @throws LearnFailure when the variant cannot learn this target */
export function checkTarget(
  target: Target,
  column: ColumnSchema,
  variant: Variant,
  props: Readonly<Record<string, Json>>,
) {
  const { classifies, regresses } = VARIANTS[variant];
  const values = { target: column.name, type: column.type, variant };
  if (target.task === "regression") {
    if (!regresses) throw new LearnFailure({ code: "ML5004", values, pointer: "/target" });
    const bad = target.values.filter((value) => !Number.isFinite(value)).length;
    if (bad > 0) {
      throw new LearnFailure({
        code: "ML5006",
        values: { target: column.name, rows: String(bad) },
        pointer: "/target",
      });
    }
    if (props["class_weights"] === "balanced") {
      throw new LearnFailure({ code: "ML5007", values: { target: column.name }, pointer: "/class_weights" });
    }
    return;
  }
  if (!classifies) throw new LearnFailure({ code: "ML5005", values, pointer: "/target" });
  const seen = new Set(target.values);
  if (seen.size < 2) {
    const only = target.classes[[...seen][0] ?? 0] ?? "none";
    throw new LearnFailure({
      code: "ML5008",
      values: { target: column.name, class: only },
      pointer: "/target",
    });
  }
}
