/** Gradient boosting on histograms (Friedman 2001; Ke et al. 2017, LightGBM). */
import type { GradientBoostedTrees } from "../../../stdlib/kinds/model.ts";
import type { Link, TreeLearner } from "../../portable/form.ts";
import { columnCount } from "../columns.ts";
import { breathe, classWeightsOf, type Fitted, normalised, type TuneSet } from "../fit.ts";
import type { Frame, LearnHooks, Target } from "../frame.ts";
import { random, sampleSorted } from "../random.ts";
import { gainByColumn, TreeList } from "../trees/list.ts";
import { allocateGroups, binOther, binTraining, type ColumnBins, writeCells } from "./bins.ts";
import { codesOf, writeBinnedTree } from "./finished.ts";
import { meanLoss } from "./gradients.ts";
import { Grower, type GrownNode } from "./grow.ts";
import {
  allocateShared,
  CHUNK,
  GRADIENT_LEVELS,
  HESSIAN_LEVELS,
  NOISE_MASK,
  NUMBER,
  OP,
  type Shared,
  WORD,
} from "./shared.ts";
import { Team } from "./team.ts";
import { Tuning } from "./tuning.ts";

export type BoostingOptions = Omit<GradientBoostedTrees, "data" | "tune" | "target" | "seed">;

/** Below this many cells (rows × columns) helpers would cost more than they bring. */
const TEAM_CELLS = 200_000;
/** Rows whose training loss is tracked. */
const WATCHED_ROWS = 20_000;
/** Milliseconds between turns given to the rest of the program. */
const TURN = 50;

const LOSS = { binary: "logistic", multiclass: "softmax", regression: "squared" } as const;
const LINK: Record<Target["task"], Link> = {
  binary: "logistic",
  multiclass: "softmax",
  regression: "identity",
};

/**
 * Fits boosted trees. Binary: log loss, one tree a round; multi-class: softmax, a tree a class and round;
 * regression: squared error. With `tune`, stops `patience` rounds after the best loss there and keeps the best.
 * The result depends on data, options and seed, never on the number of threads. The loss of each round is
 * tracked as `train_loss` and, with `tune`, `tune_loss`.
 */
export async function fitBoostedTrees(
  frame: Frame,
  target: Target,
  options: BoostingOptions,
  hooks: LearnHooks,
  tune: TuneSet | null = null,
): Promise<Fitted<TreeLearner>> {
  const columns = columnCount(frame);
  const outputs = target.task === "multiclass" ? target.classes.length : 1;
  const groups = allocateGroups(frame.rows, columns);
  const shared = allocateShared(
    {
      loss: LOSS[target.task],
      outputs,
      rows: frame.rows,
      columns,
      threads: frame.rows * columns >= TEAM_CELLS ? Math.max(1, hooks.threads) : 1,
      seed: hooks.seed,
      leaves: options.leaves,
    },
    groups,
    target.values,
    classWeightsOf(target, options.class_weights),
  );
  const team = new Team(shared);
  try {
    const bins = binTraining(frame, options.bins, groups);
    writeCells(bins, shared.cells);
    const boosting = new Boosting(team, bins, options, hooks, baseOf(target, shared));
    const tuning =
      tune === null ? null : new Tuning(shared, binOther(tune.frame, bins), tune.target, boosting.base);
    const rounds = await boosting.run(tuning);
    const learner = boosting.trees.learner(boosting.base, LINK[target.task], rounds * outputs);
    const importance = normalised(gainByColumn(learner, columns));
    return { learner, report: { rounds, iterations: null, importance, warnings: [] } };
  } finally {
    await team.end();
  }
}

/** The best constant: log odds, log shares or the mean. */
function baseOf(target: Target, shared: Shared): Float64Array {
  if (target.task === "regression") {
    let sum = 0;
    for (const value of target.values) sum += value;
    return Float64Array.of(sum / target.values.length);
  }
  const weights = new Float64Array(target.classes.length);
  for (const value of target.values) weights[value]! += shared.classWeights[value]!;
  if (target.task === "binary") return Float64Array.of(Math.log(weights[1]! / weights[0]!));
  const total = weights.reduce((a, b) => a + b, 0);
  // A class without rows gets a share below one row's, not minus infinity.
  return weights.map((weight) => Math.log(Math.max(weight, 1e-3) / total));
}

class Boosting {
  readonly base: Float64Array;
  readonly trees: TreeList;
  private readonly team: Team;
  private readonly bins: readonly ColumnBins[];
  private readonly options: BoostingOptions;
  private readonly hooks: LearnHooks;
  private readonly grower: Grower;

  constructor(
    team: Team,
    bins: readonly ColumnBins[],
    options: BoostingOptions,
    hooks: LearnHooks,
    base: Float64Array,
  ) {
    this.team = team;
    this.bins = bins;
    this.options = options;
    this.hooks = hooks;
    this.base = base;
    this.trees = new TreeList(base.length, 1);
    this.grower = new Grower(team, bins, options);
    const { rows, scores } = team.shared;
    for (let k = 0; k < base.length; k++) scores.fill(base[k]!, k * rows, (k + 1) * rows);
  }

  /** Adds rounds until told to stop; how many to keep. */
  async run(tuning: Tuning | null): Promise<number> {
    const { shared } = this.team;
    let turn = performance.now();
    for (let round = 0; round < this.options.trees; round++) {
      this.round(round, tuning);
      const tuneLoss = tuning?.judge(round + 1, shared.classWeights) ?? null;
      if (tuneLoss !== null) this.hooks.track("tune_loss", tuneLoss, round + 1);
      this.hooks.track("train_loss", this.trainLoss(), round + 1);
      this.hooks.progress(
        round + 1,
        this.options.trees,
        tuneLoss === null ? undefined : `tune loss ${tuneLoss.toPrecision(4)}`,
      );
      if (tuning !== null && round + 1 - tuning.bestRound >= this.options.patience) return tuning.bestRound;
      if (performance.now() - turn > TURN) {
        await breathe(this.hooks.signal);
        turn = performance.now();
      }
    }
    return tuning?.bestRound ?? this.options.trees;
  }

  /** Over evenly spaced rows where there are many: it is watched, nothing is decided by it. */
  private trainLoss(): number {
    const { loss, scores, target, outputs, classWeights, rows } = this.team.shared;
    return meanLoss(loss, scores, target, outputs, classWeights, Math.ceil(rows / WATCHED_ROWS));
  }

  private round(round: number, tuning: Tuning | null): void {
    const { shared } = this.team;
    const source = random(this.hooks.seed, round);
    const sampled = this.sampleRows(source);
    const columns = this.sampleColumns(source);
    for (let output = 0; output < shared.outputs; output++) {
      shared.control[WORD.output] = output;
      this.computeGradients(source);
      const rows = this.orderRows(sampled);
      const nodes = this.grower.grow(rows, columns);
      this.setLeafValues(nodes);
      this.collect(nodes, output);
      writeBinnedTree(shared, nodes, this.bins);
      if (sampled === null) this.team.run(OP.addLeaves, this.leafTasks);
      else this.team.rows(OP.addTree, 0, shared.rows);
      tuning?.add(shared, output);
    }
  }

  private sampleRows(source: ReturnType<typeof random>): Int32Array | null {
    const { rows } = this.team.shared;
    const count = Math.max(1, Math.round(rows * this.options.rows));
    return count >= rows ? null : sampleSorted(source, rows, count);
  }

  private sampleColumns(source: ReturnType<typeof random>): Int32Array {
    const total = this.bins.length;
    return sampleSorted(source, total, Math.max(1, Math.round(total * this.options.columns)));
  }

  private computeGradients(source: ReturnType<typeof random>): void {
    const { shared } = this.team;
    shared.largest.fill(0);
    this.team.rows(OP.gradients, 0, shared.rows);
    let gradient = Number.MIN_VALUE;
    let hessian = Number.MIN_VALUE;
    for (let t = 0; t < shared.threads; t++) {
      gradient = Math.max(gradient, shared.largest[2 * t]!);
      hessian = Math.max(hessian, shared.largest[2 * t + 1]!);
    }
    shared.numbers[NUMBER.gradientScale] = Math.max(gradient / GRADIENT_LEVELS, 1e-300);
    shared.numbers[NUMBER.hessianScale] = Math.max(hessian / HESSIAN_LEVELS, 1e-300);
    shared.control[WORD.gradientNoise] = source.int(NOISE_MASK + 1);
    shared.control[WORD.hessianNoise] = source.int(NOISE_MASK + 1);
    this.team.rows(OP.pack, 0, shared.rows);
  }

  private orderRows(sampled: Int32Array | null): number {
    const { rowIds, rows } = this.team.shared;
    if (sampled !== null) {
      rowIds.set(sampled);
      return sampled.length;
    }
    for (let i = 0; i < rows; i++) rowIds[i] = i;
    return rows;
  }

  private leafTasks = 0;

  /** −rate · G / (H + λ), from the gradients themselves, not their rounded sums. */
  private setLeafValues(nodes: readonly GrownNode[]): void {
    const { shared } = this.team;
    const { leafTasks, leafSums, nodeValues } = shared;
    let tasks = 0;
    nodes.forEach((node, at) => {
      if (node.split !== null) return;
      for (let from = node.start; from < node.start + node.count; from += CHUNK) {
        leafTasks[3 * tasks] = from;
        leafTasks[3 * tasks + 1] = Math.min(from + CHUNK, node.start + node.count);
        leafTasks[3 * tasks + 2] = at;
        tasks++;
      }
    });
    this.leafTasks = tasks;
    this.team.run(OP.leafSums, tasks);
    const sums = new Float64Array(nodes.length * 2);
    for (let t = 0; t < tasks; t++) {
      const node = leafTasks[3 * t + 2]!;
      sums[2 * node]! += leafSums[2 * t]!;
      sums[2 * node + 1]! += leafSums[2 * t + 1]!;
    }
    nodeValues.fill(0);
    nodes.forEach((_, at) => {
      const h = sums[2 * at + 1]! + this.options.l2;
      nodeValues[at] = h > 0 ? (-this.options.rate * sums[2 * at]!) / h : 0;
    });
  }

  /** Writes the grown tree in terms of values and category codes. */
  private collect(nodes: readonly GrownNode[], output: number): void {
    const { numbers, nodeValues } = this.team.shared;
    const unit = numbers[NUMBER.gradientScale]! ** 2 / numbers[NUMBER.hessianScale]!;
    this.trees.startTree(output);
    const first = nodes.map((node, at) => this.trees.addNode(node.count, [nodeValues[at]!]))[0]!;
    nodes.forEach((node, at) => {
      if (node.split === null) return;
      const { column, bin, set, gain, missingLeft } = node.split;
      const bins = this.bins[column]!;
      const threshold = bins.kind === "numeric" ? (bins.edges[bin] ?? Number.MAX_VALUE) : 0;
      const codes = bins.kind === "category" && set !== null ? codesOf(bins, set) : null;
      this.trees.split(
        first + at,
        { feature: column, threshold, codes, missingLeft, gain: gain * unit },
        first + node.left,
        first + node.right,
      );
    });
  }
}
