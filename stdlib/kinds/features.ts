// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";
import { reviewFeatures } from "../reviews/features.ts";

const NUMBERS = ["int", "float"] as const;
const CATEGORIES = ["category", "boolean", "string"] as const;
const TEXTS = ["text", "string", "category"] as const;

const imputation = v.call(
  {
    median: v.form("The training part's median; numbers only.", {}, NUMBERS),
    mean: v.form("The training part's mean; numbers only.", {}, NUMBERS),
    mode: v.form("The most frequent value; the smallest of equals."),
  },
  "How a missing value is filled: a statistic of the training part, or a constant.",
  true,
);

const encoding = v.call(
  {
    one_hot: v.form(
      "A 0/1 column for each value seen in training; unknown and missing are all zeros.",
      {
        min_count: v.int("Values rarer than this share one column, `other`.", { min: 1 }).optional(),
      },
      CATEGORIES,
    ),
    ordinal: v.form(
      "The value's place in `order`, or in alphabetical order; unknown and missing are −1.",
      {
        order: v.list(v.text("A value."), "The values from lowest to highest.").optional(),
      },
      CATEGORIES,
    ),
    target: v.form(
      "The label's smoothed mean for this value, computed out of fold on the training part.",
      {
        smoothing: v.number("How many rows of the overall mean are mixed in.", { min: 0 }).default(10),
        folds: v.int("Folds of the out-of-fold means.", { min: 2 }).default(5),
      },
      CATEGORIES,
    ),
  },
  "How a category becomes numbers.",
);

const scaling = v.call(
  {
    standard: v.form("Mean 0, standard deviation 1.", {}, NUMBERS),
    min_max: v.form("Smallest 0, largest 1.", {}, NUMBERS),
    robust: v.form("Median 0, interquartile range 1.", {}, NUMBERS),
  },
  "How a number is scaled, by the training part's statistics.",
);

const bucketing = v.call(
  {
    quantile: v.form("Buckets of equal counts.", { count: v.int("How many.", { min: 2 }) }, NUMBERS),
    uniform: v.form("Buckets of equal width.", { count: v.int("How many.", { min: 2 }) }, NUMBERS),
    edges: v.form(
      "Buckets between given edges; a value on an edge belongs above it.",
      {
        at: v.list(v.number("An edge."), "Ascending edges."),
      },
      NUMBERS,
    ),
  },
  "How a number becomes a bucket's index.",
);

const vectorizing = v.call(
  {
    tfidf: v.form(
      "Term frequency × inverse document frequency, each row scaled to length 1.",
      {
        max_terms: v.int("Keep the most frequent terms.", { min: 1 }).default(5000),
        min_rows: v.int("Keep terms found in at least this many rows.", { min: 1 }).default(1),
        ngrams: v.int("Up to this many words a term.", { min: 1, max: 3 }).default(1),
        sublinear: v.boolean("Use 1 + ln(tf).").default(false),
      },
      TEXTS,
    ),
  },
  "How text becomes numbers.",
);

const schema = z.object({
  from: v.reference(["dataset"], "The rows to take columns from."),
  only: v
    .set(
      v.column("from", "A column.", ["label"]),
      "Use these columns; otherwise all but the label, keys and text.",
    )
    .optional(),
  drop: v.set(v.column("from", "A column."), "Leave these columns out.").optional(),
  impute: v
    .map(imputation, "Fill missing values; everything that reads the column sees them filled.", {
      keys: "column",
      of: "from",
    })
    .optional(),
  derive: v
    .map(v.expression("row", "The new column's value."), "New columns computed from the row.", {
      keys: "new-column",
      of: "from",
    })
    .optional(),
  encode: v
    .map(encoding, "Categories to numbers; done after every derived column.", { keys: "column", of: "from" })
    .optional(),
  scale: v
    .map(scaling, "Numbers to a common scale; done after every derived column.", {
      keys: "column",
      of: "from",
    })
    .optional(),
  bucket: v
    .map(bucketing, "Numbers to buckets; done after every derived column.", { keys: "column", of: "from" })
    .optional(),
  vectorize: v.map(vectorizing, "Text to numbers.", { keys: "column", of: "from" }).optional(),
});

export type Features = z.output<typeof schema>;

export const features = {
  name: "features",
  doc: "Columns that a model sees: imputed, derived, encoded, scaled. Everything that learns from data learns from the training part only.",
  variantRequired: false,
  stateful: false,
  terminal: false,
  unused: "name it in a model's `data`",
  review: reviewFeatures,
  offers: { through: "from" },
  context: `dataset loans: csv {
  path = "loans.csv"
  schema {
    income: float nullable
    amount: float
    area: category
    approved: category label positive "yes"
  }
  split(seed = 42) { train = 80%, test = 20% }
}
`,
  variants: {
    features: {
      name: "features",
      doc: "Columns computed from one dataset.",
      schema,
      example: `features applicant {
  from = loans
  impute { income = median }
  derive { burden = amount / income }
  encode { area = one_hot }
  scale { burden = standard }
}
`,
      snippet: "features ${1:name} {\n  from = ${2:dataset}\n  impute { ${3:column} = median }\n}",
    },
  },
} as const satisfies Kind;
