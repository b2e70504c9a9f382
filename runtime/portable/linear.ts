/** Linear learners: dense columns in order, then the sparse ones that a row has. */
import type { LinearLearner } from "./form.ts";

/**
 * Compiles raw[k] = intercept[k] + Σ weight[k][j] · x[j].
 * @param dense columns that every row has; `touched` names a row's others, ascending
 */
export function compileLinear(
  learner: LinearLearner,
  dense: Int32Array,
): (x: Float64Array, offset: number, touched: readonly number[], raw: Float64Array, at: number) => void {
  const { outputs, weights, intercept } = learner;
  const width = weights.length / outputs;
  return (x, offset, touched, raw, at) => {
    for (let k = 0; k < outputs; k++) {
      const row = k * width;
      let sum = intercept[k]!;
      for (let i = 0; i < dense.length; i++) {
        const j = dense[i]!;
        sum += weights[row + j]! * x[offset + j]!;
      }
      for (let i = 0; i < touched.length; i++) {
        const j = touched[i]!;
        sum += weights[row + j]! * x[offset + j]!;
      }
      raw[at + k] = sum;
    }
  };
}
