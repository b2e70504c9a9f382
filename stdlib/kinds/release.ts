// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind } from "../../language/vocabulary/kind.ts";
import type { Peers } from "../../language/vocabulary/peers.ts";
import * as v from "../../language/vocabulary/types.ts";
import { reviewRelease } from "../reviews/release.ts";

const schema = z.object({
  name: v
    .text("The registered name, kept when the declaration is renamed; the declaration's name when not given.")
    .optional(),
  model: v.reference(["model"], "The model to register."),
  gate: v.guard(["gate"], "model", "Must pass first."),
  alias: v
    .choice(
      { champion: "What serves.", candidate: "What waits for promotion." },
      "The alias that moves to the new version.",
    )
    .default("champion"),
});

export type Release = z.output<typeof schema>;

export const release = {
  name: "release",
  doc: "A model becomes an immutable, numbered version of a registered name, behind a gate; an alias moves to it; the ledger remembers.",
  variantRequired: false,
  stateful: true,
  terminal: true,
  review: (props: Release, name: string, _of: unknown, peers: Peers) => reviewRelease(props, name, peers),
  offers: { aliases: (props: { alias?: string }) => (props.alias === undefined ? null : [props.alias]) },
  context: `dataset loans: csv {
  path = "loans.csv"
  schema {
    income: float
    approved: category label positive "yes"
  }
  split(seed = 42) { train = 70%, test = 30% }
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
`,
  variants: {
    release: {
      name: "release",
      doc: "A model becomes a registered version.",
      schema,
      example: `release loan_approval {
  name = "loan-approval"
  model = scorer
  gate = ready
  alias = champion
}
`,
      snippet:
        'release ${1:name} {\n  name = "${2:registered-name}"\n  model = ${3:model}\n  gate = ${4:gate}\n}',
    },
  },
} as const satisfies Kind;
