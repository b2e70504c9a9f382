// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import { listed, nearest } from "../../language/check/suggest.ts";
import type { Kind, Objection } from "../../language/vocabulary/kind.ts";
import { placeholdersOf } from "../../language/vocabulary/placeholders.ts";
import * as v from "../../language/vocabulary/types.ts";

const command = z
  .object({
    run: v.list(
      v.template("The program or one argument. `{name}` is the path of an input or an output."),
      "The program and its arguments, each a text of its own: no shell reads them. One that is a file of the project stands for that file, and its edits run the step again.",
    ),
    program: v
      .set(
        v.path("A file or a glob."),
        "More files of the project that the program reads: modules, settings.",
      )
      .optional(),
    inputs: v
      .map(
        v.pathOr(
          ["dataset", "features", "model", "step"],
          "Rows (a file with a header), a model (a folder with `model.onnx` and `signature.json`), a step's output, or a file of the project.",
          "split",
        ),
        "What the program reads, each handed over as a path.",
      )
      .optional(),
    outputs: v.map(
      v.text("Where the program writes it, in its own work folder."),
      "The files that the program writes; each must be there when it has ended.",
    ),
    rows_as: v
      .choice(
        { csv: "RFC 4180 with a header; missing is empty.", parquet: "Apache Parquet, with types." },
        "How rows are handed over.",
      )
      .default("csv"),
    environment: v
      .map(v.template("A text, with placeholders as in `run`."), "Environment variables of the program.")
      .optional(),
    inherit: v
      .set(
        v.text("A variable's name."),
        "Environment variables handed on as they are; another value runs the step again.",
      )
      .optional(),
    secrets: v
      .map(
        v.secret("A secret."),
        "Environment variables read at the last moment: in no plan, key, log or artifact.",
      )
      .optional(),
    timeout: v.duration("The program and all that it started are stopped after this long.").optional(),
    repeatable: v.boolean("Run it twice, and refuse outputs that differ.").default(false),
  })
  .refine(({ run }) => run.length > 0, { message: "must name a program", path: ["run"] })
  .refine(({ outputs }) => Object.keys(outputs).length > 0, {
    message: "must name a file: a step that leaves nothing behind has nothing to keep",
    path: ["outputs"],
  });

export type CommandStep = z.output<typeof command>;

type Names = Pick<CommandStep, "run" | "inputs" | "outputs" | "environment">;

function unknownPlaceholders({ run, inputs, outputs, environment }: Names, step: string): Objection[] {
  const known = [...Object.keys(inputs ?? {}), ...Object.keys(outputs)];
  const places = [
    ...run.map((text, i) => ({ attribute: "run", text, pointer: `/run/${i}` })),
    ...Object.entries(environment ?? {}).map(([name, text]) => ({
      attribute: `environment.${name}`,
      text,
      pointer: `/environment/${name}`,
    })),
  ];
  return places.flatMap(({ attribute, text, pointer }) =>
    placeholdersOf(text)
      .filter((name) => !known.includes(name))
      .map((name) => {
        const near = nearest(name, known);
        const meant = (near === null ? known : [near]).map((word) => `{${word}}`);
        const values = {
          known: listed(meant),
          attribute,
          placeholder: `{${name}}`,
          what: `the step \`${step}\``,
        };
        return { code: "ML8030", values, pointer };
      }),
  );
}

function review(props: Names, step: string): Objection[] {
  const { run, inputs = {}, outputs, environment = {} } = props;
  const unknown = unknownPlaceholders(props, step);
  const told = new Set([...run, ...Object.values(environment)].flatMap(placeholdersOf));
  // A misspelt placeholder is not also an input that nobody names.
  const silent = unknown.length > 0 ? [] : Object.keys(inputs).filter((name) => !told.has(name));
  const both = Object.keys(inputs).filter((name) => Object.hasOwn(outputs, name));
  const outside = Object.entries(outputs).filter(
    ([, path]) => path === "" || /^([/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes(".."),
  );
  return [
    ...unknown,
    ...silent.map((name) => ({
      code: "ML8033",
      values: { name, placeholder: `{${name}}` },
      pointer: `/inputs/${name}`,
    })),
    ...both.map((name) => ({
      code: "ML2013",
      values: { name, other: "an input of this step" },
      pointer: `/outputs/${name}`,
    })),
    ...outside.map(([name, path]) => ({
      code: "ML2016",
      values: {
        attribute: name,
        problem: `must be a path inside the work folder, as \`rows.csv\`, not \`${path}\``,
      },
      pointer: `/outputs/${name}`,
    })),
  ];
}

export const step = {
  name: "step",
  doc: "An existing program of any language, with declared inputs and outputs: carried out once for equal inputs.",
  variantRequired: true,
  stateful: false,
  terminal: true,
  offers: {
    parts: ({ outputs }: { outputs?: CommandStep["outputs"] }) => Object.keys(outputs ?? {}),
    partsAreOutputs: true,
  },
  review,
  context: `dataset loans: csv {
  path = "loans.csv"
  schema {
    id: string key
    income: float
  }
}
`,
  variants: {
    command: {
      name: "command",
      doc: "A program started on this machine, without a shell, in a work folder of its own.",
      schema: command,
      example: `step cleaned: command {
  run = ["python3", "clean.py", "{raw}", "{rows}"]
  inputs { raw = loans }
  outputs { rows = "rows.csv" }
  timeout = 10m
}
`,
      snippet:
        'step ${1:name}: command {\n  run = ["${2:python3}", "${3:program.py}", "{${4:raw}}", "{${5:rows}}"]\n  inputs { ${4:raw} = ${6:dataset} }\n  outputs { ${5:rows} = "${5:rows}.csv" }\n}',
    },
  },
} as const satisfies Kind;
