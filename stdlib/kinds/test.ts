// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";
import { reviewTest } from "./testing/review.ts";

const cells = (doc: string) =>
  v.map(v.cell("A value of the column's type; `null` is missing."), doc, { keys: "column", of: "subject" });

const direction = (doc: string) =>
  v
    .rules(
      {
        with: v.clause("with", v.column("subject", "The column that is raised, a number.", ["label", "key"])),
        by: v.clause("by", v.ratio("How much it is raised, as a share of its value.").default(0.1)),
        for: v.clause("for", v.text("The class whose probability is meant; needed with several.").optional()),
        within: v.clause(
          "within",
          v.ratio("How much a row may go the other way; of a regression a share of its value.").default(0),
        ),
        message: v.message("Said when it does not hold."),
      },
      doc,
    )
    .optional();

const schema = z.object({
  subject: v
    .reference(["dataset", "features", "model", "gate"], "What is tested; or give `snapshot`.")
    .optional(),
  snapshot: v
    .path("The plan's shape is what this text file says; `mlops test --update` writes it.")
    .optional(),
  given: cells("Values that all rows share.").optional(),
  row: v
    .rules(
      {
        name: v.operand(v.label("What the test calls the row.")),
        cells: v.entries(cells("The row's own values.")),
      },
      "A row to try.",
    )
    .optional(),
  value: v
    .rules(
      {
        metric: v.operand(v.expression("metrics", "What a rule of the gate reads: `scored.f1`.")),
        value: v.assigned(v.measure("What it comes to; `null` where too few rows can tell.")),
        where: v.clause(
          "where",
          v
            .expression(
              "row",
              'The slice that it is of, `Education == "Graduate"`; all rows when not given.',
              "boolean",
            )
            .optional(),
        ),
      },
      "A metric as the gate is to see it.",
    )
    .optional(),
  expect: v
    .rules(
      {
        condition: v.operand(
          v.claim(
            "row",
            "subject",
            "What must hold: `couple.income == 4000`; of a gate `passed`, `refused`.",
          ),
        ),
        message: v.message("Said when it does not hold."),
      },
      "A claim about the rows, or the outcome of a gate.",
    )
    .optional(),
  accepts: v
    .rules(
      {
        row: v.operand(v.labelled("row", "A row of the test.")),
        message: v.message("Said when it does not hold."),
      },
      "The dataset lets the row in.",
    )
    .optional(),
  rejects: v
    .rules(
      {
        row: v.operand(v.labelled("row", "A row of the test.")),
        reason: v.message("Must stand in one of the reasons."),
      },
      "The schema or an expectation keeps the row out.",
    )
    .optional(),
  invariant: v
    .rules(
      {
        column: v.operand(v.column("subject", "The column that is swapped.", ["label", "key"])),
        within: v.clause(
          "within",
          v.ratio("How much a probability may move; of a regression a share of the value.").default(0),
        ),
        message: v.message("Said when it does not hold."),
      },
      "Another value of this column moves no prediction.",
    )
    .optional(),
  rises: direction("Where this column is raised, the prediction does not fall."),
  falls: direction("Where this column is raised, the prediction does not rise."),
  data: v
    .reference(
      ["features", "dataset"],
      "The rows on which `invariant`, `rises` and `falls` are tried; those that an evaluation judges when not given.",
      "split",
    )
    .optional(),
  rows: v.int("How many of these rows are tried at most, evenly spread.", { min: 1 }).default(1000),
});

export type Test = z.output<typeof schema>;

export const test = {
  name: "test",
  doc: "Small rows with what must come of them, how a model must behave, or the shape of the plan: `mlops test` tries it.",
  variantRequired: false,
  stateful: false,
  terminal: true,
  role: "test",
  review: reviewTest,
  context: `dataset loans: csv {
  path = "loans.csv"
  schema {
    income: float min 0
    amount: float nullable
    area: category
    approved: category label positive "yes"
  }
  split(seed = 42) { train = 70%, validation = 15%, test = 15% }
}

features applicant {
  from = loans
  impute { amount = median }
  derive { burden = amount / income }
}

model scorer: logistic_regression {
  data = applicant.train
}
`,
  variants: {
    test: {
      name: "test",
      doc: "Rows, claims about a model, or a snapshot.",
      schema,
      example: `test scorer_behaves {
  subject = scorer
  given { area = "north" }
  row rich { income = 9000, amount = 100 }
  row poor { income = 500, amount = 100 }
  expect rich.probability > poor.probability
  expect rich.label == "yes"
  invariant area within 5%
  rises with income by 20% within 1%
}
`,
      snippet:
        "test ${1:name} {\n  subject = ${2:features}\n  row ${3:one} { ${4:column} = ${5:value} }\n  expect ${3:one}.${6:column} == ${7:value}\n}",
    },
  },
} as const satisfies Kind;
