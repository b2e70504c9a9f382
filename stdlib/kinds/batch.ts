// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import { z } from "zod";
import type { Kind } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";

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

export const batch = {
  name: "batch",
  doc: "Predictions for a dataset, written to a file.",
  variantRequired: false,
  stateful: true,
  terminal: true,
  review: ({ output }: { output: string }) =>
    /\.(csv|parquet)$/.test(output) ? [] : [{ code: "ML7010", values: { path: output }, pointer: "/output" }],
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
