/** Every step that this edition can carry out, by kind. Light: each loads its work when it runs. */
import { datasetStep } from "../data/dataset.step.ts";
import { featuresStep } from "../data/features.step.ts";
import { evaluationStep } from "../evaluate/evaluation.step.ts";
import { gateStep } from "../evaluate/gate.step.ts";
import { modelStep } from "../learn/model.step.ts";
import type { Executors } from "../plan/inspect.ts";
import { releaseStep } from "../registry/release.step.ts";
import { batchStep } from "../serve/batch.step.ts";
import { deploymentStep } from "../serve/deployment.step.ts";

const steps = [
  datasetStep,
  featuresStep,
  modelStep,
  evaluationStep,
  gateStep,
  releaseStep,
  deploymentStep,
  batchStep,
];

export const executors: Executors = new Map(steps.map((step) => [step.kind, step]));
