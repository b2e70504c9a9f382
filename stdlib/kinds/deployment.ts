// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind, Neighbour } from "../../language/vocabulary/kind.ts";
import type { Peers } from "../../language/vocabulary/peers.ts";
import * as v from "../../language/vocabulary/types.ts";
import { reviewDeployment } from "../reviews/deployment.ts";

const schema = z.object({
  name: v.text("The deployment's name outside; the declaration's when not given.").optional(),
  release: v.reference(["release"], "What is served: `loan_approval.champion`.", "alias"),
  protocol: v
    .choice(
      {
        http: "Predictions of rows: its own route, MLflow's and the Open Inference Protocol.",
        openai:
          "A language model as OpenAI's API speaks: `/v1/chat/completions`, `/v1/completions`, `/v1/embeddings`.",
      },
      "How clients speak to it.",
    )
    .default("http"),
  prompt: v
    .reference(["prompt"], "Language models: how a question becomes the text that the model was taught on.")
    .optional(),
  max_tokens: v.mayDiffer(
    v
      .int("Language models: tokens of an answer at most, where the request says nothing.", { min: 1 })
      .default(256),
  ),
  temperature: v.mayDiffer(
    v
      .number(
        "Language models: how freely tokens are drawn, where the request says nothing; 0 takes the likeliest.",
        {
          min: 0,
          max: 2,
        },
      )
      .default(1),
  ),
  sessions: v.mayDiffer(
    v
      .int("Language models: conversations remembered at once, by `session`; 0 remembers none.", { min: 0 })
      .default(0),
  ),
  response: v
    .choice(
      {
        text: "Any text.",
        json: "A JSON object with the members of the prompt's `output`: checked, and drawn again when it is none.",
      },
      "Language models: what an answer must be.",
    )
    .default("text"),
  retries: v.mayDiffer(
    v
      .int("How often an answer that is not what `response` asks for is drawn again.", { min: 0, max: 10 })
      .default(2),
  ),
  path: v.text("The route, `/predict`.").default("/predict"),
  port: v.mayDiffer(v.int("TCP port; 0 takes a free one.", { min: 0, max: 65535 }).default(8080)),
  host: v.mayDiffer(v.text("Address to listen on.").default("127.0.0.1")),
  token: v.secret("Requests must carry `Authorization: Bearer …` with this secret.").optional(),
  body_limit: v.mayDiffer(v.size("Largest request body.").default(1_000_000)),
  batch_limit: v.mayDiffer(v.int("Most rows in one request.", { min: 1 }).default(10_000)),
  rate_limit: v.mayDiffer(v.int("Requests a second from one address at most.", { min: 1 }).optional()),
  drain: v.mayDiffer(v.duration("How long open requests may still take after a stop signal.").default(10)),
  missing: v
    .choice(
      { impute: "An absent nullable field is a missing value.", refuse: "Every field must be there." },
      "What an absent field means.",
    )
    .default("impute"),
});

export type Deployment = z.output<typeof schema>;

export const deployment = {
  name: "deployment",
  doc: "A release is served over HTTP: its own route, MLflow's `/invocations`, the Open Inference Protocol, with health, metrics and an OpenAPI page.",
  variantRequired: false,
  stateful: true,
  terminal: true,
  review: (props: Deployment, name: string, of: (reference: v.Reference) => Neighbour | null, peers: Peers) =>
    reviewDeployment(props, name, of, peers),
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

release loan_approval {
  model = scorer
  gate = ready
}
`,
  variants: {
    deployment: {
      name: "deployment",
      doc: "A release is served over HTTP.",
      schema,
      example: `deployment api {
  release = loan_approval.champion
  path = "/predict"
  port = 8080
}
`,
      snippet: 'deployment ${1:name} {\n  release = ${2:release}.champion\n  path = "/predict"\n}',
    },
  },
} as const satisfies Kind;
