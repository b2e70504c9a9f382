/** A whole pipeline for a table that somebody has: read, train, judge, release, serve. */
import { compile } from "../../language/compile.ts";
import { format } from "../../language/syntax/format.ts";
import { parse } from "../../language/syntax/parse.ts";
import { layoutOf } from "../../language/vocabulary/layout.ts";
import type { Profile } from "../../runtime/data/profile.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { nameOf, proposeDataset, written } from "../propose-dataset.ts";
import type { Label } from "./label.ts";

/** @param path Of the data, as it should stand in the spec. */
export function proposePipeline(profile: Profile, path: string, label: Label): string {
  const name = nameOf(path);
  const texts = [name, `${name}_rows`].map((rows) => layOut(pipeline(profile, path, label, rows)));
  // A file may be called as a word of the language is.
  return texts.find(checks) ?? texts[0]!;
}

const layOut = (text: string): string => format(parse(text), layoutOf(vocabulary));
const checks = (text: string): boolean =>
  compile({ files: { read: () => text }, entry: "pipeline.mlops", vocabulary }).program !== null;

function pipeline(profile: Profile, path: string, label: Label, rows: string): string {
  const classes = label.task !== "regression";
  const features = featuresOf(profile, label, rows);
  const data = features === null ? rows : "prepared";
  const how =
    features === null ? "gradient_boosted_trees" : classes ? "logistic_regression" : "linear_regression";
  const trees = features === null ? `  tune = ${data}.validation\n  seed = 42\n` : "";
  const metrics = { binary: "accuracy, f1, auc", multiclass: "accuracy, f1", regression: "rmse, mae, r2" }[
    label.task
  ];
  const rule = classes
    ? "scored.accuracy > baseline(majority).accuracy"
    : "scored.rmse < baseline(mean).rmse";
  const spread = classes ? `, stratify = ${written(label.name)}` : "";
  const split = `  split(seed = 42${spread}) { ${features === null ? "train = 60%, validation = 20%" : "train = 80%"}, test = 20% }`;
  return `mlops 1

${proposeDataset(profile, path, null, { name: rows, label, more: split })}
${features ?? ""}
model predictor: ${how} {
  data = ${data}.train
${trees}}

evaluation scored {
  model = predictor
  data = ${data}.test
  metrics = [${metrics}]
}

/// What a model must reach before anyone may serve it: raise this.
gate good_enough {
  require ${rule}
}

release released {
  model = predictor
  gate = good_enough
}

deployment api {
  release = released.champion
  path = "/predict"
  port = 8080
}
`;
}

/** Texts become terms, and then a linear model needs its numbers filled; null where trees take everything as it is. */
function featuresOf({ schema }: Profile, label: Label, rows: string): string | null {
  const seen = schema.filter(({ name, role }) => name !== label.name && role === null);
  const texts = seen.filter(({ type }) => type === "text");
  if (texts.length === 0) return null;
  const gaps = seen.filter(({ type, nullable }) => nullable && (type === "int" || type === "float"));
  const lines = [
    `  from = ${rows}`,
    ...(gaps.length === 0
      ? []
      : [`  impute { ${gaps.map(({ name }) => `${written(name)} = median`).join(", ")} }`]),
    `  vectorize { ${texts.map(({ name }) => `${written(name)} = tfidf(max_terms = 2000)`).join(", ")} }`,
  ];
  return `features prepared {\n${lines.join("\n")}\n}\n`;
}
