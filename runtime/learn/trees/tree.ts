/** One decision tree. */
import type { DecisionTree } from "../../../stdlib/kinds/model.ts";
import type { TreeLearner } from "../../portable/form.ts";
import { columnCount } from "../columns.ts";
import { breathe, type Fitted, normalised } from "../fit.ts";
import type { Frame, LearnHooks, Target } from "../frame.ts";
import { Cart } from "./cart.ts";
import { addTree, labelsOf, linkOf, outputsOf, rowWeightsOf } from "./collect.ts";
import { gainByColumn, TreeList } from "./list.ts";
import { prune } from "./prune.ts";
import { rankColumns } from "./ranks.ts";

export type DecisionTreeOptions = Omit<DecisionTree, "data" | "target" | "seed">;

/**
 * Grows a tree by Gini impurity or squared error and prunes it. Missing values go to the better side, categories
 * are split by sets. Of equally good splits the first column's (by name) is taken.
 */
export async function fitDecisionTree(
  frame: Frame,
  target: Target,
  options: DecisionTreeOptions,
  hooks: LearnHooks,
): Promise<Fitted<TreeLearner>> {
  await breathe(hooks.signal);
  const columns = rankColumns(frame);
  const labels = labelsOf(target);
  const cart = new Cart(columns, labels, {
    depth: options.depth ?? Infinity,
    minRows: options.min_rows,
    tries: columns.length,
  });
  const rows = Int32Array.from({ length: frame.rows }, (_, i) => i);
  const nodes = cart.grow(rows, rowWeightsOf(target, options.class_weights), null);
  prune(nodes, options.prune, target.task === "binary" ? 2 : 1);
  const outputs = outputsOf(target);
  const list = new TreeList(outputs, outputs);
  addTree(list, nodes, 1);
  const learner = list.learner(new Float64Array(outputs), linkOf(target));
  hooks.progress(1, 1);
  const importance = normalised(gainByColumn(learner, columnCount(frame)));
  return { learner, report: { rounds: null, iterations: null, importance, warnings: [] } };
}
