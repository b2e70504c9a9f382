/** A small hand-made model: a loan's approval from income, area, age, employment and a date. */
import type { InputColumn, PortableModel } from "../../runtime/portable/form.ts";
import { type Manifest, makeManifest } from "../../runtime/serve/manifest.ts";
import { exampleRow } from "../../runtime/serve/schema.ts";
import type { ServedDeployment } from "../../runtime/serve/serving.ts";
import type { Deployment } from "../../stdlib/kinds/deployment.ts";

export function column(
  name: string,
  type: InputColumn["type"],
  more: Partial<InputColumn> = {},
): InputColumn {
  return {
    name,
    type,
    nullable: false,
    min: null,
    max: null,
    values: null,
    format: null,
    doc: null,
    ...more,
  };
}

export const inputs: readonly InputColumn[] = [
  column("age", "int", { min: 18, max: 120 }),
  column("area", "category", { nullable: true }),
  column("employed", "boolean"),
  column("grade", "category", { values: ["A", "B", "C"] }),
  column("income", "float", { min: 0, nullable: true }),
  column("since", "date", { nullable: true }),
];

/** raw = −2 + 0.02·age + 0.5·urban − 0.25·rural + 1·employed + 0.3·grade + income / 10,000 */
export const binaryModel: PortableModel = {
  format: 1,
  task: "binary",
  target: "approved",
  inputs,
  steps: [
    { op: "impute_number", column: "income", value: 4000 },
    {
      op: "one_hot",
      column: "area",
      levels: ["rural", "urban"],
      outputs: ["area=rural", "area=urban"],
      other: null,
    },
    { op: "ordinal", column: "grade", output: "grade", levels: ["C", "B", "A"] },
  ],
  features: ["age", "area=rural", "area=urban", "employed", "grade", "income"].map((name) => ({
    name,
    kind: "numeric" as const,
    width: 1,
  })),
  learner: {
    is: "linear",
    outputs: 1,
    link: "logistic",
    intercept: Float64Array.of(-2),
    weights: Float64Array.of(0.02, -0.25, 0.5, 1, 0.3, 1e-4),
  },
  classes: ["no", "yes"],
  threshold: 0.5,
};

/** value = 10 + 2·size, without an answer where size is missing. */
export const regressionModel: PortableModel = {
  format: 1,
  task: "regression",
  target: "price",
  inputs: [column("size", "float", { nullable: true })],
  steps: [],
  features: [{ name: "size", kind: "numeric", width: 1 }],
  learner: {
    is: "linear",
    outputs: 1,
    link: "identity",
    intercept: Float64Array.of(10),
    weights: Float64Array.of(2),
  },
  classes: [],
  threshold: 0.5,
};

/** Three classes by one number. */
export const multiclassModel: PortableModel = {
  ...regressionModel,
  task: "multiclass",
  target: "species",
  inputs: [column("size", "float")],
  learner: {
    is: "linear",
    outputs: 3,
    link: "softmax",
    intercept: Float64Array.of(1, 0, -1),
    weights: Float64Array.of(-1, 0, 1),
  },
  classes: ["adelie", "chinstrap", "gentoo"],
};

export const goodRow = {
  age: 40,
  area: "urban",
  employed: true,
  grade: "B",
  income: 5000,
  since: "2020-02-29",
};

export const props: Deployment = {
  release: { ref: "release.loan_approval", part: "champion" },
  protocol: "http",
  max_tokens: 256,
  temperature: 1,
  sessions: 0,
  response: "text",
  retries: 2,
  path: "/predict",
  port: 0,
  host: "127.0.0.1",
  body_limit: 1_000_000,
  batch_limit: 10_000,
  drain: 10,
  missing: "impute",
};

export function deployed(
  model: PortableModel = binaryModel,
  more: {
    readonly name?: string;
    readonly props?: Partial<Deployment>;
    readonly redacted?: readonly string[];
    readonly ignored?: readonly string[];
    readonly token?: string;
    readonly manifest?: Partial<Manifest>;
  } = {},
): ServedDeployment {
  const redacted = new Set(more.redacted);
  const example = exampleRow(model, model === binaryModel ? goodRow : null, redacted);
  const version = { name: "loan-approval", version: 3, alias: "champion", model: "sha256:00" as const };
  return {
    manifest: {
      ...makeManifest(more.name ?? "loans", { ...props, ...more.props }, version, model, example),
      ...more.manifest,
    },
    model,
    redacted,
    ignored: new Set(more.ignored),
    token: more.token ?? null,
  };
}
