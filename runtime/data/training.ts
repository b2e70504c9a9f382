/** Which rows a `features` declaration may learn from: those that the models built on it learn from. */
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { Reference } from "../../language/vocabulary/types.ts";
import { StepFailure } from "../execute/step.ts";

export interface Training {
  /** The part of the split; null for all rows. */
  readonly part: string | null;
  /** The target that its models name, when they all name the same; else null: the schema's label. */
  readonly target: string | null;
}

/**
 * @param parts Names of the dataset's parts, in order.
 * @throws StepFailure ML4106 when models learn from different parts: a transform fitted on one has seen rows of
 * the other's test part.
 */
export function trainingOf(program: Program, features: Declaration, parts: readonly string[]): Training {
  const models = program.declarations.filter(
    (candidate) =>
      candidate.kind === "model" && (candidate.props["data"] as Reference | undefined)?.ref === features.id,
  );
  const named = [...new Set(models.map((model) => (model.props["data"] as Reference).part ?? null))];
  if (named.length > 1) {
    throw new StepFailure({
      code: "ML4106",
      values: { features: features.name, parts: named.map((part) => part ?? "all rows").join(" and ") },
      declaration: features.id,
      details: models.map(
        (model) => `${model.id} learns from ${(model.props["data"] as Reference).part ?? "all rows"}`,
      ),
    });
  }
  const targets = [...new Set(models.map((model) => model.props["target"] ?? null))];
  const [target] = targets;
  const fallback = parts.includes("train") ? "train" : (parts[0] ?? null);
  return {
    part: named.length === 1 ? named[0]! : fallback,
    target: targets.length === 1 && typeof target === "string" ? target : null,
  };
}
