// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";

const schema = z.object({
  set: v
    .map(v.cell("Of the parameter's type."), "Values of parameters; `--set` counts before them.", {
      keys: "parameter",
    })
    .optional(),
  vary: v
    .map(
      v.cell("Of the attribute's type."),
      "Other values of attributes that may differ from place to place: `api.port = 8443`.",
      { keys: "attribute" },
    )
    .optional(),
});

export type Environment = z.output<typeof schema>;

export const environment = {
  name: "environment",
  doc: "What differs where a pipeline runs: values of parameters, and where a deployment listens. Chosen by `--environment NAME`.",
  variantRequired: false,
  stateful: false,
  terminal: true,
  role: "environment",
  context: `param trees: int = 200

dataset loans: csv {
  path = "loans.csv"
  schema {
    income: float
    approved: category label positive "yes"
  }
  split(seed = 42) { train = 70%, test = 30% }
}

model scorer: gradient_boosted_trees {
  data = loans.train
  trees = trees
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

deployment api {
  release = loan_approval.champion
}
`,
  variants: {
    environment: {
      name: "environment",
      doc: "What differs where a pipeline runs.",
      schema,
      example: `environment prod {
  set { trees = 400 }
  vary {
    api.host = "0.0.0.0"
    api.port = 8443
  }
}
`,
      snippet: "environment ${1:name} {\n  set { ${2:parameter} = ${3:value} }\n}",
    },
  },
} as const satisfies Kind;
