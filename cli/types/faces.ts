/** What deployments and batches take and answer, as JSON Schemas under the names that their types will have. */
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import { StepFailure } from "../../runtime/execute/step.ts";
import { inputOf } from "../../runtime/portable/input-column.ts";
import { includedColumns } from "../../runtime/serve/batch-columns.ts";
import { ERROR } from "../../runtime/serve/openapi.ts";
import { columnRules, releaseName } from "../../runtime/serve/resolve.ts";
import {
  answerSchema,
  answersSchema,
  batchRowSchema,
  type ModelFace,
  predictionSchema,
  requestSchema,
  rowSchema,
  type Schema,
} from "../../runtime/serve/schema.ts";
import type { Batch } from "../../stdlib/kinds/batch.ts";
import type { Deployment } from "../../stdlib/kinds/deployment.ts";

/** Types of one declaration: `roots` refer to the other `definitions`, and between them to all. */
export interface Face {
  readonly declaration: Declaration;
  /** Begins the names of its types: `LoanApi`. */
  readonly name: string;
  readonly roots: readonly string[];
  readonly definitions: Readonly<Record<string, Schema>>;
  /** Null for a batch, which is no server. */
  readonly server: { readonly url: string | null; readonly path: string; readonly token: boolean } | null;
}

/** The dataset whose columns must be known and are not declared. */
export class Undeclared extends Error {
  readonly dataset: Declaration;
  readonly what: Declaration;
  constructor(dataset: Declaration, what: Declaration) {
    super(`${dataset.id} declares no schema`);
    this.name = "Undeclared";
    this.dataset = dataset;
    this.what = what;
  }
}

/** What callers of a release's model see of it; throws `Undeclared` where nobody can know. */
export type FaceOf = (user: Declaration, reference: Reference) => Promise<ModelFace>;

/** Every deployment and batch of a program. */
export async function facesOf(program: Program, faceOf: FaceOf): Promise<Face[]> {
  const names = new Set<string>();
  const faces: Face[] = [];
  for (const declaration of program.declarations) {
    if (declaration.kind !== "deployment" && declaration.kind !== "batch") continue;
    // OpenAI's clients bring types of their own.
    if (declaration.props["protocol"] === "openai") continue;
    // Lowering applied the kind's schema.
    const { release } = declaration.props as unknown as Deployment | Batch;
    const model = await faceOf(declaration, release);
    const name = distinct(pascal(declaration.name), names);
    faces.push(
      declaration.kind === "batch"
        ? batchFace(program, declaration, name, model)
        : deploymentFace(declaration, name, model),
    );
  }
  return faces;
}

/** The body of every refusal, which all deployments share. */
export const errorSchema: Schema = {
  ...ERROR,
  title: "ErrorBody",
  description: "The body of every refusal.",
};

function deploymentFace(declaration: Declaration, name: string, model: ModelFace): Face {
  const props = declaration.props as unknown as Deployment;
  const prediction = predictionSchema(model);
  const ref = (suffix: string) => ({ $ref: `#/definitions/${name}${suffix}` });
  return {
    declaration,
    name,
    roots: [`${name}Request`, `${name}Answer`, `${name}Answers`],
    definitions: {
      [`${name}Row`]: { ...rowSchema(model, props.missing), description: said(declaration, "One row.") },
      [`${name}Request`]: {
        ...requestSchema(ref("Row"), props.batch_limit),
        description: `What \`POST ${props.path}\` takes: a row, or at most ${props.batch_limit} of them.`,
      },
      [`${name}Prediction`]: { ...prediction, description: "One prediction." },
      [`${name}Answer`]: { ...answerSchema(prediction), description: "The answer to one row." },
      [`${name}Answers`]: { ...answersSchema(ref("Prediction")), description: "The answer to many rows." },
    },
    server: {
      url: props.port === 0 ? null : `http://${hostOf(props.host)}:${props.port}`,
      path: props.path,
      token: props.token !== undefined,
    },
  };
}

/** Where a client on the same machine finds a server that listens on this address. */
function hostOf(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

function batchFace(program: Program, declaration: Declaration, name: string, model: ModelFace): Face {
  const props = declaration.props as unknown as Batch;
  const dataset = program.declarations.find((one) => one.id === props.input.ref)!; // checked
  const columns = dataset.props["schema"] as unknown as readonly ColumnSchema[] | undefined;
  if (columns === undefined) throw new Undeclared(dataset, declaration);
  const { redacted } = columnRules(program, releaseName(program, props.release).declaration, model);
  const included = includedColumns(props, columns, redacted, {
    dataset: dataset.name,
    fail: (code, pointer, values) => new StepFailure({ code, values, declaration: declaration.id, pointer }),
  });
  const row = batchRowSchema(model, included.map(inputOf));
  const description = said(declaration, `One row of ${props.output}.`);
  return {
    declaration,
    name,
    roots: [`${name}Row`],
    definitions: { [`${name}Row`]: { ...row, description } },
    server: null,
  };
}

const said = ({ doc }: Declaration, text: string): string => (doc === null ? text : `${text} ${doc}`);

/** `loan_api` and `loans.api` as `LoanApi` and `LoansApi`. */
const pascal = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

function distinct(name: string, taken: Set<string>): string {
  let own = /^[A-Za-z]/.test(name) ? name : `Api${name}`;
  for (let n = 2; taken.has(own); n += 1) own = `${name}${n}`;
  taken.add(own);
  return own;
}
