/** What databases say of a spec's queries before it runs; DuckDB is loaded only where there is one. */
import type { Diagnostic } from "../language/diagnostics/diagnostic.ts";
import type { Program } from "../language/ir/program.ts";

/** Findings about the queries of a checked program; none for one with errors. `read` gives the spec's files. */
export async function checkQueries(
  program: Program | null,
  project: string,
  read: (file: string) => string | null,
): Promise<readonly Diagnostic[]> {
  const asks = program?.declarations.some(({ kind, props }) => kind === "dataset" && "query" in props);
  if (program === null || asks !== true) return [];
  const [{ describeQueries }, { placeInText }] = await Promise.all([
    import("../runtime/data/describe-sql.ts"),
    import("../language/check/place-in-text.ts"),
  ]);
  return describeQueries(program, {
    project,
    locate(attribute, value, at, length) {
      const source = read(attribute.file);
      return source === null ? null : placeInText(source, attribute, value, at, length);
    },
  });
}
