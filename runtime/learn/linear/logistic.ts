/** Logistic regression, binary and multinomial. */
import type { LogisticRegression } from "../../../stdlib/kinds/model.ts";
import type { LinearLearner } from "../../portable/form.ts";
import { breathe, classWeightsOf, type Fitted, LearnFailure, type LearnFinding, normalised } from "../fit.ts";
import type { Frame, LearnHooks, Target } from "../frame.ts";
import { designOf, linearImportance, unscaled } from "./design.ts";
import { minimise } from "./newton.ts";
import { LogisticObjective } from "./objective.ts";

export type LogisticOptions = Omit<LogisticRegression, "data" | "target" | "seed">;

/** A mean log loss that only classes told apart completely can have. */
const SEPARATED = 1e-6;

/**
 * Minimises Σ log loss + l2/2 ‖w‖², the intercept free: scikit-learn's `LogisticRegression(C = 1/l2)`, behind
 * its `StandardScaler` when `standardize`. Weights come back for the raw columns.
 * @throws LearnFailure ML5001 (a missing number), ML5003 (l2 = 0 and classes told apart completely)
 */
export async function fitLogisticRegression(
  frame: Frame,
  target: Target,
  options: LogisticOptions,
  hooks: LearnHooks,
): Promise<Fitted<LinearLearner>> {
  await breathe(hooks.signal);
  const design = designOf(frame, options.standardize);
  const outputs = target.classes.length > 2 ? target.classes.length : 1;
  const classWeights = classWeightsOf(target, options.class_weights);
  const rowWeights = target.values.map((y) => classWeights[y]!);
  const objective = new LogisticObjective(design, target.values, rowWeights, options.l2, outputs);
  const solved = minimise(objective, { ...options, sparse: design.sparse.length > 0 }, (iteration, value) => {
    hooks.signal.throwIfAborted();
    hooks.track("train_loss", value, iteration);
    hooks.progress(iteration, options.iterations, `loss ${value.toPrecision(6)}`);
    if (options.l2 === 0 && value < SEPARATED) {
      throw new LearnFailure({ code: "ML5003", values: { target: "the target" }, pointer: "/l2" });
    }
  });
  const weights = new Float64Array(outputs * design.width);
  const intercept = new Float64Array(outputs);
  for (let k = 0; k < outputs; k++) {
    const own = solved.theta.slice(k * objective.stride, k * objective.stride + design.width);
    intercept[k] = unscaled(design, own, solved.theta[k * objective.stride + design.width]!);
    weights.set(own, k * design.width);
  }
  const warnings: LearnFinding[] = solved.converged
    ? []
    : [{ code: "ML5002", values: { iterations: String(solved.iterations) }, pointer: "/iterations" }];
  return {
    learner: { is: "linear", outputs, intercept, weights, link: outputs === 1 ? "logistic" : "softmax" },
    report: {
      rounds: null,
      iterations: solved.iterations,
      importance: normalised(linearImportance(frame, weights, outputs)),
      warnings,
    },
  };
}
