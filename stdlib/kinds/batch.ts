// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind, Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import type { Peers } from "../../language/vocabulary/peers.ts";
import * as v from "../../language/vocabulary/types.ts";
import { reviewBatch } from "../reviews/batch.ts";
import { seenThrough } from "./seen.ts";

const schema = z.object({
  release: v.reference(["release"], "What predicts: `loan_approval.champion`.", "alias"),
  input: v.reference(["dataset"], "The rows to predict.", "split"),
  output: v.path("The file to write: `.csv` or `.parquet`."),
  top: v
    .ratio(
      "Only the highest-scoring share of the rows, rounded up; ties fall by `ties`, then by the row's place.",
    )
    .optional(),
  ties: v.column("input", "Decides between equal scores, ascending.").optional(),
  include: v
    .set(
      v.column("input", "A column."),
      "Columns of the input to write beside the prediction; all when not given.",
    )
    .optional(),
});

export type Batch = z.output<typeof schema>;

/** Types that enter a model alike. */
const FAMILIES: Readonly<Record<v.ColumnType, string>> = {
  int: "number",
  float: "number",
  boolean: "number",
  date: "time",
  timestamp: "time",
  category: "text",
  string: "text",
  text: "text",
};

/** The input must have what the released model reads, in types that enter it alike. */
function reviewInput(props: Batch, of: (reference: v.Reference) => Neighbour | null): Objection[] {
  const release = of(props.release);
  const { model: reference, alias } = (release?.props ?? {}) as { model?: v.Reference; alias?: string };
  // Under an alias that the release does not move stands some other model.
  if (release === null || reference === undefined || (props.release.part ?? alias) !== alias) return [];
  const model = of(reference);
  const columns = of(props.input)?.props["schema"] as readonly v.ColumnSchema[] | undefined;
  const data = model?.props["data"] as v.Reference | undefined;
  if (model === null || data === undefined || columns === undefined) return [];
  const reads = seenThrough(data, model.target, of)?.reads ?? [];
  const dataset = `the dataset \`${props.input.ref.slice(props.input.ref.indexOf(".") + 1)}\``;
  const common = { dataset, release: `the release \`${release.name}\`` };
  const given = new Map(columns.map((column) => [column.name, column]));
  const missing = reads.filter((column) => !given.has(column.name)).map((column) => `\`${column.name}\``);
  if (missing.length > 0) {
    const column =
      missing.length === 1 ? missing[0]! : `${missing.slice(0, -1).join(", ")} and ${missing.at(-1)}`;
    return [{ code: "ML7012", values: { ...common, column, hint: "" }, pointer: "/input" }];
  }
  const other = reads.find((column) => FAMILIES[column.type] !== FAMILIES[given.get(column.name)!.type]);
  if (other === undefined) return [];
  const values = { column: `\`${other.name}\``, actual: given.get(other.name)!.type, expected: other.type };
  return [{ code: "ML7013", values: { ...common, ...values }, pointer: "/input" }];
}

/** Of two batches that write one file, only the one that runs last would be found there; the later one is told. */
function reviewShared({ output }: Batch, name: string, peers: Peers): Objection[] {
  const plain = (path: unknown) => String(path).replace(/^(\.\/)+/, "");
  const writers = peers.of("batch").filter(({ props }) => plain(props["output"]) === plain(output));
  const [first] = writers;
  if (first === undefined || first.name === name || !writers.some((peer) => peer.name === name)) return [];
  const values = { path: output, other: `the batch \`${first.name}\`` };
  return [{ code: "ML4084", values, pointer: "/output" }];
}

export const batch = {
  name: "batch",
  doc: "Predictions for a dataset, written to a file.",
  variantRequired: false,
  stateful: true,
  terminal: true,
  review: (
    props: Batch,
    name: string,
    of: (reference: v.Reference) => Neighbour | null,
    peers: Peers,
  ): Objection[] => [
    ...reviewBatch(props, of, peers),
    ...reviewInput(props, of),
    ...reviewShared(props, name, peers),
  ],
  context: `dataset loans: csv {
  path = "loans.csv"
  schema {
    id: string key
    income: float
    approved: category label positive "yes"
  }
  split(seed = 42) { train = 70%, test = 30% }
}

dataset waiting: csv {
  path = "waiting.csv"
  schema {
    id: string key
    income: float
  }
}

model scorer: logistic_regression {
  data = loans.train
}

evaluation scored {
  model = scorer
  data = loans.test
  metrics = [f1]
}

gate ready {
  require scored.f1 >= 0.80
}

release loan_approval {
  model = scorer
  gate = ready
}
`,
  variants: {
    batch: {
      name: "batch",
      doc: "Predictions for a dataset, written to a file.",
      schema,
      example: `batch call_first {
  release = loan_approval.champion
  input = waiting
  output = "out/call-first.csv"
  top = 10%
  ties = id
}
`,
      snippet:
        'batch ${1:name} {\n  release = ${2:release}.champion\n  input = ${3:dataset}\n  output = "out/${1:name}.csv"\n}',
    },
  },
} as const satisfies Kind;
