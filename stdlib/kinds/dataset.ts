// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind, Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";
import { type Readable, reviewDataset } from "../reviews/dataset.ts";
import { emptyPart } from "../reviews/rows.ts";
import { reviewParts, reviewSources } from "./split-review.ts";

const split = v.block(
  {
    seed: v.argument(v.int("Decides which row falls into which part.").optional()),
    stratify: v.argument(v.column("schema", "Keep this column's shares equal in every part.").optional()),
    group: v.argument(v.column("schema", "Rows with the same value stay in one part.").optional()),
    at: v.argument(v.column("schema", "Split by time: the earliest rows train.").optional()),
    by: v.argument(
      v.choice({ position: "In the file's order." }, "Split by order instead of by hash.").optional(),
    ),
    gap: v.argument(v.duration("Rows this close before a cut belong to no part (`at` only).").optional()),
    distinct: v.argument(
      v.list(v.column("schema", "A column."), "Rows equal in these columns stay in one part.").optional(),
    ),
    parts: v.entries(
      v.map(v.ratio("The part's share of the rows."), "The parts and their shares, 100% in all.", {
        ordered: true,
        total: 1,
      }),
    ),
  },
  "Divides the rows into disjoint parts, stable under the seed.",
);

/** A file of the project, or one that a step makes. */
const source = (doc: string) => v.pathOr(["step"], `${doc} Or a step's output: \`cleaned.rows\`.`, "split");

const common = {
  schema: v
    .columns(
      "The columns, their types and constraints. Columns of the source that are not named are not read.",
    )
    .optional(),
  expect: v
    .rules(
      {
        condition: v.operand(v.expression("table", "What must hold of the rows.", "boolean")),
        message: v.message("Said when it does not hold."),
      },
      "A test of the data: the run stops with exit code 2 when it does not hold.",
    )
    .optional(),
  split: split.optional(),
  on_bad_row: v
    .choice(
      {
        fail: "Stop and report every bad row.",
        drop: "Leave bad rows out, count and report them.",
        keep: "Keep the row with the bad values missing, count and report them.",
      },
      "What to do with a row that breaks the schema.",
    )
    .default("fail"),
};

const missing = v
  .set(
    v.text("A spelling."),
    "Spellings that mean a missing value; an empty field does too, but for JSON and databases, which have `null`, in a `text` column that is not `nullable`.",
  )
  .optional();

const csv = z.object({
  path: source("The file, or a glob of files read in name order."),
  ...common,
  delimiter: v.text("One character; found by looking at the file when not given.").optional(),
  header: v.boolean("The first line names the columns.").default(true),
  missing,
});
const json = z.object({
  path: source("A file with one JSON array of objects, or a glob."),
  ...common,
  missing,
});
const jsonl = z.object({
  path: source("A file with one JSON object a line, or a glob."),
  ...common,
  missing,
});
const parquet = z.object({ path: source("A Parquet file or a glob."), ...common });
const text = z.object({
  path: source("A UTF-8 text file, or a glob of files read in name order."),
  ...common,
  unit: v.choice({ line: "One row a line.", file: "One row a file." }, "What one row holds.").default("line"),
});
const sqlite = z
  .object({
    path: source("The database file."),
    table: v.text("The table to read; or give `query`.").optional(),
    query: v.text("A SELECT statement; or give `table`.").optional(),
    ...common,
  })
  .refine((source) => (source.table === undefined) !== (source.query === undefined), {
    message: "needs `table` or `query`, one of the two",
  });
const sql = z.object({
  from: v.set(
    v.named(["dataset"], "A dataset.", "split"),
    "The datasets that the query reads, each a table under its own name.",
  ),
  query: v.text("A SELECT statement in DuckDB's SQL. Without ORDER BY the result is ordered by all columns."),
  ...common,
});

const encoded = z.object({
  rows: v.reference(["dataset"], "The dataset whose rows are read; its columns stay.", "split"),
  column: v.column("rows", "The column with the texts. A missing one counts as empty."),
  model: v.reference(
    ["model"],
    "What makes the vectors: an encoder of a Hugging Face folder (BERT, MiniLM), or a decoder.",
  ),
  pooling: v
    .choice(
      { mean: "The mean of the tokens' vectors.", cls: "The first token's vector." },
      "How a text's tokens become one vector; as the model's folder says, else `mean`, when not given.",
    )
    .optional(),
  normalize: v.boolean("Divide each vector by its length.").default(true),
  expect: common.expect,
  split: split.optional(),
});

export type Split = z.output<typeof split>;
export type EncodedDataset = z.output<typeof encoded>;
export type CsvDataset = z.output<typeof csv>;
export type JsonDataset = z.output<typeof json>;
export type JsonlDataset = z.output<typeof jsonl>;
export type ParquetDataset = z.output<typeof parquet>;
export type TextDataset = z.output<typeof text>;
export type SqliteDataset = z.output<typeof sqlite>;
export type SqlDataset = z.output<typeof sql>;

type DatasetProps = Readable & {
  readonly split?: Split;
  readonly model?: v.Reference;
  readonly rows?: v.Reference;
};

/** Ways to split that exclude each other. */
function reviewSplit(split: Split | undefined): Objection[] {
  if (split === undefined) return [];
  const ordered = split.at !== undefined ? "at" : split.by !== undefined ? "by" : null;
  const hashed = (["stratify", "group", "distinct", "seed"] as const).find(
    (name) => split[name] !== undefined,
  );
  const problems = [
    split.at !== undefined && split.by !== undefined ? "`at` and `by` are two orders" : null,
    ordered !== null && hashed !== undefined
      ? `\`${hashed}\` has no effect with \`${ordered}\`, which splits by order`
      : null,
    split.gap !== undefined && split.at === undefined ? "`gap` needs `at`" : null,
    split.group !== undefined && split.distinct !== undefined
      ? "`group` and `distinct` name two kinds of unit"
      : null,
    split.distinct?.length === 0 ? "`distinct` names no column" : null,
  ];
  const problem = problems.find((found) => found !== null);
  return problem == null ? [] : [{ code: "ML4013", values: { problem }, pointer: "/split" }];
}

/** Vectors of texts come from a model that reads texts. */
function reviewEncoded(
  { model, rows }: { readonly model?: v.Reference; readonly rows?: v.Reference },
  of: (reference: v.Reference) => Neighbour | null,
): Objection[] {
  const found = model === undefined ? null : of(model);
  const reads = (found?.tasks ?? []).filter((task) => task === "language" || task === "sequence");
  const empty = emptyPart(rows, "/rows", of);
  if (found === null || found.tasks === null || found.tasks.length === 0 || reads.length > 0) return empty;
  const values = { attribute: "model", needed: "a language model", found: found.name };
  return [{ code: "ML3143", values, pointer: "/model" }, ...empty];
}

export const dataset = {
  name: "dataset",
  doc: "Rows from a file, a database or a query, with their schema, expectations and parts.",
  variantRequired: true,
  stateful: false,
  terminal: false,
  unused: "name it in a model's `data`, a features' `from` or a batch's `input`",
  offers: {
    columns: (props: { schema?: readonly v.ColumnSchema[] }) =>
      props.schema?.map((column) => ({ ...column, from: null })) ?? null,
    parts: (props: { split?: Split }) => Object.keys(props.split?.parts ?? {}),
  },
  review: (
    props: DatasetProps,
    _name: string,
    of: (reference: v.Reference) => Neighbour | null,
  ): Objection[] => [
    ...reviewSplit(props.split),
    ...reviewParts(props.split, props.schema),
    ...reviewSources(props.from),
    ...reviewDataset(props, of),
    ...reviewEncoded(props, of),
  ],
  context: "",
  variants: {
    csv: {
      name: "csv",
      doc: "Comma-separated values (RFC 4180).",
      schema: csv,
      example: `dataset loans: csv {
  path = "loans.csv"

  schema {
    id: string key
    income: float min 0
    area: category nullable
    approved: category label positive "yes"
  }

  expect rows >= 100
  expect unique(id)

  split(seed = 42, stratify = approved) { train = 70%, validation = 15%, test = 15% }
}
`,
      snippet:
        'dataset ${1:name}: csv {\n  path = "${2:data/file.csv}"\n\n  schema {\n    ${3:id}: ${4:string} key\n  }\n\n  split(seed = 42) { train = 80%, test = 20% }\n}',
    },
    json: {
      name: "json",
      doc: "A JSON array of objects.",
      schema: json,
      example: `dataset birds: json {
  path = "birds.json"
  schema {
    mass: float
    species: category label
  }
}
`,
      snippet:
        'dataset ${1:name}: json {\n  path = "${2:data/file.json}"\n  schema {\n    ${3:column}: ${4:float}\n  }\n}',
    },
    jsonl: {
      name: "jsonl",
      doc: "One JSON object a line (JSON Lines).",
      schema: jsonl,
      example: `dataset events: jsonl {
  path = "events/*.jsonl"
  schema {
    at: timestamp
    amount: float
  }
}
`,
      snippet: 'dataset ${1:name}: jsonl {\n  path = "${2:data/file.jsonl}"\n}',
    },
    parquet: {
      name: "parquet",
      doc: "Apache Parquet; without a schema block the file's own schema holds.",
      schema: parquet,
      example: `dataset payments: parquet {
  path = "payments/*.parquet"
}
`,
      snippet: 'dataset ${1:name}: parquet {\n  path = "${2:data/file.parquet}"\n}',
    },
    text: {
      name: "text",
      doc: "Plain text: the column `text`, one row a line or a file.",
      schema: text,
      example: `dataset book: text {
  path = "book.txt"
  split(by = position) { train = 90%, validation = 10% }
}
`,
      snippet: 'dataset ${1:name}: text {\n  path = "${2:data/file.txt}"\n}',
    },
    sqlite: {
      name: "sqlite",
      doc: "A table or a query of a SQLite database.",
      schema: sqlite,
      example: `dataset invoices: sqlite {
  path = "music.db"
  table = "Invoice"
  schema {
    InvoiceId: int key
    Total: float min 0
  }
}
`,
      snippet: 'dataset ${1:name}: sqlite {\n  path = "${2:data/file.db}"\n  table = "${3:table}"\n}',
    },
    sql: {
      name: "sql",
      doc: "A query over other datasets, run by DuckDB; results may be larger than memory.",
      schema: sql,
      example: `dataset applicants: csv {
  path = "applicants.csv"
  schema {
    id: string key
    income: float
  }
}

dataset wealthy: sql {
  from = [applicants]
  query = "SELECT id, income FROM applicants WHERE income > 10000"
  schema {
    id: string key
    income: float
  }
}
`,
      snippet:
        'dataset ${1:name}: sql {\n  from = [${2:dataset}]\n  query = """\n    SELECT ${3:*}\n    FROM ${2:dataset}\n    """\n}',
    },
    encoded: {
      name: "encoded",
      doc: "The rows of another dataset, with each text's vector beside them: `review_1`, `review_2`, … for models of columns.",
      schema: encoded,
      context: `dataset reviews: csv {
  path = "reviews.csv"
  schema {
    review: text
    stars: category label
  }
}

model minilm: huggingface {
  path = "models/minilm"
}
`,
      example: `dataset meanings: encoded {
  rows = reviews
  column = review
  model = minilm
  split(seed = 42) { train = 80%, test = 20% }
}
`,
      snippet:
        "dataset ${1:name}: encoded {\n  rows = ${2:dataset}\n  column = ${3:text}\n  model = ${4:encoder}\n}",
    },
  },
} as const satisfies Kind;
