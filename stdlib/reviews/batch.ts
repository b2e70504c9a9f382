/** What a batch cannot write. */
import type { Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import type { Peers } from "../../language/vocabulary/peers.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import type { Batch } from "../kinds/batch.ts";
import { emptyPart } from "./rows.ts";

/** Columns that are written behind the included ones. */
export const OWN_COLUMNS: readonly string[] = ["prediction", "probability", "score"];

type Of = (reference: Reference) => Neighbour | null;

export function reviewBatch(props: Batch, of: Of, peers: Peers): Objection[] {
  return [
    ...reviewOutput(props, peers),
    ...reviewColumns(props, of, peers),
    ...emptyPart(props.input, "/input", of),
  ];
}

function reviewOutput({ output }: Batch, peers: Peers): Objection[] {
  if (!/[^/]\.(csv|parquet)$/i.test(output))
    return [{ code: "ML7010", values: { path: output }, pointer: "/output" }];
  const target = plain(output);
  const reader = peers
    .of("dataset")
    .find(({ props }) => typeof props["path"] === "string" && reads(plain(props["path"]), target));
  if (reader === undefined) return [];
  return [
    {
      code: "ML7011",
      values: { path: output, dataset: `the dataset \`${reader.name}\`` },
      pointer: "/output",
    },
  ];
}

/** The path without `.` and what `..` takes back. */
function plain(path: string): string {
  const steps: string[] = [];
  for (const step of path.split("/")) {
    if (step === ".." && steps.length > 0 && steps.at(-1) !== ".." && steps.at(-1) !== "") steps.pop();
    else if (step !== "." && (step !== "" || steps.length === 0)) steps.push(step);
  }
  return steps.join("/");
}

/** Whether a path, which may be a glob, is that of the file. */
function reads(path: string, file: string): boolean {
  if (path === file) return true;
  if (!/[*?[{]/.test(path)) return false;
  const pattern = path.replace(/\*\*\/?|\*|\?|[.+^$()|\\]/g, (sign) => {
    if (sign.startsWith("**")) return "(?:.*/)?";
    return sign === "*" ? "[^/]*" : sign === "?" ? "[^/]" : `\\${sign}`;
  });
  try {
    return new RegExp(`^${pattern.replaceAll("{", "(?:").replaceAll("}", ")").replaceAll(",", "|")}$`).test(
      file,
    );
  } catch {
    return false; // A class that no file's name fits.
  }
}

function reviewColumns(props: Batch, of: Of, peers: Peers): Objection[] {
  const schema = of(props.input)?.props["schema"] as readonly ColumnSchema[] | undefined;
  if (schema === undefined) return [];
  const hidden = redactedFor(of(props.release)?.props["model"] as Reference | undefined, peers);
  const isRedacted = (column: ColumnSchema) => column.redacted || hidden.has(column.name);
  const { include } = props;
  const written = schema.filter((column) =>
    include === undefined ? !isRedacted(column) : include.includes(column.name),
  );
  const own = written.find((column) => OWN_COLUMNS.includes(column.name));
  if (own !== undefined)
    return [{ code: "ML7014", values: { column: `\`${own.name}\`` }, pointer: "/include" }];
  const secret = written.find(isRedacted);
  return secret === undefined
    ? []
    : [{ code: "ML7017", values: { column: `\`${secret.name}\`` }, pointer: "/include" }];
}

/** Names of the redacted columns of every dataset that the model learnt from. */
function redactedFor(model: Reference | undefined, peers: Peers): ReadonlySet<string> {
  const found = new Set(model === undefined ? [] : [model.ref]);
  const names = new Set<string>();
  for (const id of found) {
    const peer = peers.find(id);
    for (const ref of peer?.refs ?? []) found.add(ref);
    if (peer?.kind !== "dataset") continue;
    for (const column of (peer.props["schema"] ?? []) as readonly ColumnSchema[])
      if (column.redacted) names.add(column.name);
  }
  return names;
}
