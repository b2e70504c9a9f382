// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";
import { reviewGate } from "../reviews/gate.ts";

const schema = z.object({
  require: v.rules(
    {
      condition: v.operand(v.expression("metrics", "What must hold: `scored.f1 >= 0.8`.", "boolean")),
      by: v.clause("by", v.column("evaluation", "Every slice of this column must hold it.").optional()),
      with: v.clause(
        "with",
        v
          .call(
            {
              confidence: v.form("The whole bootstrap interval at this level must hold it.", {
                level: v.ratio("The level, `95%`."),
              }),
            },
            "How sure it must be.",
          )
          .optional(),
      ),
      as: v.clause(
        "as",
        v.choice({ optional: "Insufficient evidence does not block." }, "How it counts.").optional(),
      ),
      message: v.message("Said when it does not hold."),
    },
    "A condition; all must hold. Too few rows is `insufficient`, which blocks unless the rule ends in `as optional`.",
  ),
});

export type Gate = z.output<typeof schema>;

export const gate = {
  name: "gate",
  doc: "Conditions that an artifact must meet before it is released: passed, failed or insufficient evidence.",
  variantRequired: false,
  stateful: false,
  terminal: false,
  outcomes: {
    passed: "Every rule held, or was skipped.",
    refused: "A rule did not hold.",
    insufficient: "No rule failed, and one could not be judged.",
  },
  review: reviewGate,
  unused: "name it in a release's `gate`, or nothing waits for it",
  context: `dataset loans: csv {
  path = "loans.csv"
  schema {
    income: float
    area: category
    approved: category label positive "yes"
  }
  split(seed = 42) { train = 70%, validation = 15%, test = 15% }
}

model scorer: logistic_regression {
  data = loans.train
}

evaluation scored {
  model = scorer
  data = loans.test
  metrics = [accuracy, f1, auc]
  slices = [area]
}
`,
  variants: {
    gate: {
      name: "gate",
      doc: "Conditions over evaluations, baselines and the champion.",
      schema,
      example: `gate ready {
  require scored.f1 >= 0.80
  require scored.accuracy > baseline(majority).accuracy
  require scored.f1 >= 0.75 by area "no area left behind"
  require scored.auc >= champion.auc - 1%
}

release loan_approval {
  model = scorer
  gate = ready
}
`,
      snippet: "gate ${1:name} {\n  require ${2:evaluation}.${3:metric} >= ${4:0.8}\n}",
    },
  },
} as const satisfies Kind;
