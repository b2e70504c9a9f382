/** Which learner a model's variant names, and what it can learn. */
import { model } from "../../stdlib/kinds/model.ts";
import type { Fitted, TuneSet } from "./fit.ts";
import type { Frame, LearnHooks, Target } from "./frame.ts";

/** Those that learn from columns and are read row by row; the others are recipes of their own (`recipes/`). */
export type Variant = Extract<
  keyof typeof model.variants,
  | "logistic_regression"
  | "linear_regression"
  | "decision_tree"
  | "random_forest"
  | "gradient_boosted_trees"
  | "network"
>;

export interface LearnerKind {
  /** How categories that no step encoded are read. */
  readonly encoding: "linear" | "trees";
  readonly classifies: boolean;
  readonly regresses: boolean;
  /** Learns the checked props of its variant; loaded when it is used. */
  fit(props: unknown, frame: Frame, target: Target, hooks: LearnHooks, tune: TuneSet | null): Promise<Fitted>;
}

export const VARIANTS: Readonly<Record<Variant, LearnerKind>> = {
  logistic_regression: {
    encoding: "linear",
    classifies: true,
    regresses: false,
    fit: async (props, frame, target, hooks) => {
      const options = model.variants.logistic_regression.schema.parse(props);
      return (await import("./linear/logistic.ts")).fitLogisticRegression(frame, target, options, hooks);
    },
  },
  linear_regression: {
    encoding: "linear",
    classifies: false,
    regresses: true,
    fit: async (props, frame, target, hooks) => {
      const options = model.variants.linear_regression.schema.parse(props);
      return (await import("./linear/least-squares.ts")).fitLinearRegression(frame, target, options, hooks);
    },
  },
  decision_tree: {
    encoding: "trees",
    classifies: true,
    regresses: true,
    fit: async (props, frame, target, hooks) => {
      const options = model.variants.decision_tree.schema.parse(props);
      return (await import("./trees/tree.ts")).fitDecisionTree(frame, target, options, hooks);
    },
  },
  random_forest: {
    encoding: "trees",
    classifies: true,
    regresses: true,
    fit: async (props, frame, target, hooks) => {
      const options = model.variants.random_forest.schema.parse(props);
      return (await import("./trees/forest.ts")).fitRandomForest(frame, target, options, hooks);
    },
  },
  gradient_boosted_trees: {
    encoding: "trees",
    classifies: true,
    regresses: true,
    fit: async (props, frame, target, hooks, tune) => {
      const options = model.variants.gradient_boosted_trees.schema.parse(props);
      return (await import("./boosting/boost.ts")).fitBoostedTrees(frame, target, options, hooks, tune);
    },
  },
  network: {
    encoding: "linear",
    classifies: true,
    regresses: true,
    fit: async (props, frame, target, hooks, tune) => {
      const options = model.variants.network.schema.parse(props);
      return (await import("./network/fit.ts")).fitNetwork(frame, target, options, hooks, tune);
    },
  },
};
