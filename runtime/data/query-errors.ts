/** What DuckDB says of a query that it refuses, in words that name what to change. */
import { closest } from "./closest.ts";

export interface QueryProblem {
  /** The end of a sentence: "no column is called `incme`; did you mean `income`?" */
  readonly problem: string;
  /** Where in the query, in UTF-16 code units; null where DuckDB does not say. */
  readonly at: number | null;
  /** The wrong name that stands there, and the one that is likely meant. */
  readonly name: string | null;
  readonly meant: string | null;
}

interface Refusal {
  readonly exception_type?: string;
  readonly exception_message?: string;
  readonly error_subtype?: string;
  readonly type?: string;
  readonly name?: string;
  readonly candidates?: string;
  readonly position?: string;
}

/** Of an error with `errors_as_json`; null for one that is not about the query. */
export function refusalOf(error: unknown): Refusal | null {
  const json = /\{.*\}$/s.exec(error instanceof Error ? error.message : "")?.[0];
  if (json === undefined) return null;
  try {
    return JSON.parse(json) as Refusal; // DuckDB's own format, every part of it looked at before use
  } catch {
    return null;
  }
}

/**
 * @param query As DuckDB was given it, behind `prefix`.
 * @param datasets Names that the query may not read because its `from` does not name them.
 */
export function queryProblem(
  refusal: Refusal,
  query: string,
  prefix: string,
  datasets: readonly string[],
): QueryProblem {
  const message = refusal.exception_message ?? "DuckDB refuses it";
  const at = refusal.position === undefined ? null : placeIn(query, Number(refusal.position) - prefix.length);
  const [, ofTable] = /does not have a column named "(.+?)"/.exec(message) ?? [];
  if (refusal.error_subtype === "COLUMN_NOT_FOUND" || ofTable !== undefined) {
    const name = ofTable ?? refusal.name ?? "";
    const meant = closest(name, candidatesOf(refusal, message));
    return named(`no column is called \`${name}\``, name, meant, at);
  }
  if (refusal.error_subtype === "MISSING_ENTRY" && refusal.name !== undefined) {
    const { name, type = "table" } = refusal;
    const meant = closest(name, candidatesOf(refusal, message));
    if (!/table/i.test(type) || /function/i.test(type))
      return named(`no function is called \`${name}\``, name, meant, at);
    if (datasets.includes(name))
      return { problem: `add \`${name}\` to \`from\`, or it cannot be read`, at, name: null, meant: null };
    return named(`no dataset of \`from\` is called \`${name}\``, name, meant, at);
  }
  const [, near] = /syntax error at or near "(.+?)"/s.exec(message) ?? [];
  if (near !== undefined) {
    const slip = misspelled(query.slice(0, at ?? 0));
    if (slip !== null) {
      const place = at === null ? null : query.lastIndexOf(slip.name, at - 1);
      return named(`it cannot be read at \`${slip.name}\``, slip.name, slip.meant, place);
    }
    return { problem: `it cannot be read from \`${near}\` on`, at, name: null, meant: null };
  }
  if (message.includes("syntax error at end of input"))
    return { problem: "it ends too early", at, name: null, meant: null };
  const first = message.split("\n")[0]!.replace(/ You might need to add explicit type casts\.$/, "");
  return { problem: first.charAt(0).toLowerCase() + first.slice(1), at, name: null, meant: null };
}

const WORDS = "SELECT FROM WHERE JOIN LEFT INNER GROUP ORDER HAVING LIMIT UNION DISTINCT BETWEEN".split(" ");

/** A misspelled word of SQL right before the place where reading stopped: DuckDB took it for a name. */
function misspelled(before: string): { readonly name: string; readonly meant: string } | null {
  for (const [, word = ""] of [...before.matchAll(/([A-Za-z]{4,})/g)].slice(-2).reverse()) {
    const meant = WORDS.includes(word.toUpperCase()) ? null : closest(word, WORDS);
    if (meant !== null) return { name: word, meant };
  }
  return null;
}

function named(problem: string, name: string, meant: string | null, at: number | null): QueryProblem {
  return { problem: meant === null ? problem : `${problem}; did you mean \`${meant}\`?`, at, name, meant };
}

function candidatesOf({ candidates }: Refusal, message: string): string[] {
  if (candidates !== undefined) return candidates.split(",").map((one) => one.trim());
  const listed = /Candidate bindings:[: ]*(.*)$/m.exec(message)?.[1] ?? "";
  return [...listed.matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
}

/** DuckDB counts bytes of UTF-8. */
function placeIn(query: string, bytes: number): number | null {
  if (bytes < 0) return null;
  return Buffer.from(query, "utf8").subarray(0, bytes).toString("utf8").length;
}
