/** The language's vocabulary: everything that specs may name, declared once. */
import * as z from "zod";
import type { FunctionSpec, Kind, Vocabulary } from "../language/vocabulary/kind.ts";
import * as v from "../language/vocabulary/types.ts";
import { deprecated } from "./deprecated.ts";
import { metricsFunctions } from "./functions/metrics.ts";
import { rowFunctions } from "./functions/row.ts";
import { tableFunctions } from "./functions/table.ts";
import { architecture } from "./kinds/architecture.ts";
import { batch } from "./kinds/batch.ts";
import { dataset } from "./kinds/dataset.ts";
import { deployment } from "./kinds/deployment.ts";
import { embedding } from "./kinds/embedding.ts";
import { environment } from "./kinds/environment.ts";
import { evaluation } from "./kinds/evaluation.ts";
import { features } from "./kinds/features.ts";
import { gate } from "./kinds/gate.ts";
import { model } from "./kinds/model.ts";
import { prompt } from "./kinds/prompt.ts";
import { release } from "./kinds/release.ts";
import { step } from "./kinds/step.ts";
import { test } from "./kinds/test.ts";
import { tokenizer } from "./kinds/tokenizer.ts";
import { allLayers } from "./layers/index.ts";
import { allMetrics } from "./metrics/metrics.ts";
import { allPredictions } from "./predictions.ts";
import { synonyms } from "./synonyms.ts";
import { units } from "./units.ts";

/** In the order in which a pipeline is written. */
const kinds: readonly Kind[] = [
  dataset,
  step,
  features,
  tokenizer,
  embedding,
  architecture,
  prompt,
  model,
  evaluation,
  gate,
  release,
  deployment,
  batch,
  environment,
  test,
];
const functions: readonly FunctionSpec[] = [...rowFunctions, ...tableFunctions, ...metricsFunctions];

/** What every declaration may have. */
const common = z.object({
  owners: v
    .set(
      v.text("A person or a team, as your code host writes it: `@acme/risk`."),
      "Whom to ask about it; `mlops diff` names them.",
    )
    .optional(),
});

export const vocabulary: Vocabulary = {
  common,
  kinds: Object.fromEntries(kinds.map((kind) => [kind.name, kind])),
  functions: Object.fromEntries(functions.map((spec) => [`${spec.scope}.${spec.name}`, spec])),
  metrics: Object.fromEntries(allMetrics.map((spec) => [spec.name, spec])),
  layers: allLayers,
  units,
  predictions: Object.fromEntries(allPredictions.map((spec) => [spec.name, spec])),
  synonyms,
  deprecated,
};
