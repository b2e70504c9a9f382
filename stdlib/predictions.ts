import type { PredictionSpec } from "../language/vocabulary/kind.ts";

/** What a test may ask of one prediction. */
export const allPredictions: readonly PredictionSpec[] = [
  {
    name: "label",
    doc: "The class that is predicted, at the model's own threshold.",
    tasks: ["binary", "multiclass"],
    result: "target",
    ofClass: false,
  },
  {
    name: "probability",
    doc: 'The probability of the positive class, or of the class named: `probability("Adelie")`.',
    tasks: ["binary", "multiclass"],
    result: "number",
    ofClass: true,
  },
  {
    name: "value",
    doc: "The number that is predicted.",
    tasks: ["regression"],
    result: "number",
    ofClass: false,
  },
];
