/** Puts what a spec refers to where a program of any language can read it: a file, or a model's folder. */
import { constants, statSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import type { Reference } from "../../language/vocabulary/types.ts";
import { sourceRows } from "../data/rows.ts";
import { type Session, withSession, writeParquet } from "../data/session.ts";
import { type RowSource, resolveSource } from "../data/source.ts";
import { identifier, text } from "../data/sql.ts";
import { ROW_COLUMN } from "../data/table.ts";
import { readTransform } from "../data/transform.ts";
import { transformQuery } from "../data/transform-sql.ts";
import { type StepContext, StepFailure } from "../execute/step.ts";
import type { Digest } from "../store/types.ts";

export type RowFormat = "csv" | "parquet";

/**
 * The path at which `input` lies: a project's file stays where it is, everything else is a copy in `folder` (absolute,
 * there already), which the program may change.
 * @param pointer Of the input in the declaration's props, for findings.
 * @throws StepFailure ML8032 for a file that is not there; ML4109 for a part without rows
 */
export async function handOver(
  context: StepContext,
  name: string,
  input: string | Reference,
  options: { readonly folder: string; readonly rowsAs: RowFormat; readonly pointer: string },
): Promise<string> {
  const { folder, rowsAs, pointer } = options;
  if (typeof input === "string") return existingFile(context, input, pointer);
  const declared = context.program.declarations.find(({ id }) => id === input.ref);
  const result = context.inputs.get(input.ref);
  if (declared === undefined || result === undefined) throw new Error(`no result of ${input.ref}`);
  switch (declared.kind) {
    case "dataset":
    case "features": {
      const file = join(folder, `${name}.${rowsAs}`);
      await writeRows(context, resolveSource(context, input), file, rowsAs);
      return file;
    }
    case "model": {
      const place = join(folder, name);
      for (const [path, digest] of Object.entries(result.outputs))
        await copy(context, digest, join(place, path));
      return place;
    }
    default: {
      // One file among those that it makes, with the ending that its maker gave it.
      const paths = declared.props["outputs"] as Readonly<Record<string, string>>;
      const file = join(folder, `${name}${extname(paths[input.part!]!)}`);
      await copy(context, result.outputs[input.part!]!, file);
      return file;
    }
  }
}

/**
 * A file of the project, as its absolute path.
 * @throws StepFailure ML8032 when there is none
 */
export function existingFile(
  context: Pick<StepContext, "project" | "declaration">,
  path: string,
  pointer: string,
): string {
  const file = resolve(context.project, path);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file;
  // `/inputs/rules` is `inputs.rules`, and `/program/0` is one of `program`.
  const attribute = pointer
    .slice(1)
    .replace(/\/\d+$/, "")
    .replaceAll("/", ".");
  throw new StepFailure({
    code: "ML8032",
    values: { path, attribute: `\`${attribute}\`` },
    declaration: context.declaration.id,
    pointer,
  });
}

async function copy({ store }: StepContext, digest: Digest, to: string): Promise<void> {
  await mkdir(resolve(to, ".."), { recursive: true });
  await copyFile(await store.file(digest), to, constants.COPYFILE_FICLONE);
}

/** The rows in the source's order, with the columns of the schema; of features those that a model sees. */
async function writeRows(
  context: StepContext,
  source: RowSource,
  file: string,
  format: RowFormat,
): Promise<void> {
  const { store, threads } = context;
  await withSession({ root: store.root, threads }, async (session) => {
    const { from } = await sourceRows(session, store, source);
    const query =
      source.transform === null ? plainQuery(source, from) : await fittedQuery(context, source, from);
    if (format === "parquet") await writeParquet(session, query, file);
    else await writeCsv(session, query, file);
  });
}

const plainQuery = ({ columns }: RowSource, from: string): string =>
  `SELECT ${columns.map(({ name }) => identifier(name)).join(", ")} FROM ${from} ORDER BY ${ROW_COLUMN}`;

/** Keys, labels and other columns with a role as they are, beside what a model sees. */
async function fittedQuery({ store }: StepContext, source: RowSource, from: string): Promise<string> {
  const { steps, columns } = await readTransform(store, source.transform!);
  const fitted = transformQuery(from, source.columns, steps);
  const named = new Set(columns.map(({ name }) => name));
  const kept = source.columns.filter(({ name, role }) => role !== null && !named.has(name));
  const selected = [
    ...kept.map(({ name }) => `r.${identifier(name)}`),
    ...columns.map(({ name }) => `f.${fitted.place(name)!.alias} AS ${identifier(name)}`),
  ];
  return `SELECT ${selected.join(", ")} FROM (${fitted.sql}) AS f JOIN ${from} AS r USING (${ROW_COLUMN}) ORDER BY ${ROW_COLUMN}`;
}

/** RFC 4180 with a header; a missing value is an empty field. */
async function writeCsv(session: Session, query: string, file: string): Promise<void> {
  await session.alone(() => session.run(`COPY (${query}) TO ${text(file)} (FORMAT csv, HEADER true)`));
}
