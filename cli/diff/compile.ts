/** One side's program, from the disk or out of Git. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { nearest } from "../../language/check/suggest.ts";
import { type Compiled, type CompileOptions, compile, type Host } from "../../language/compile.ts";
import { Lines } from "../../language/diagnostics/lines.ts";
import { countDiagnostics, renderDiagnostic } from "../../language/diagnostics/render.ts";
import type { Program } from "../../language/ir/program.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { EXIT, type Invocation } from "../command.ts";
import { shown } from "../load.ts";
import { placeOf, readText } from "../read-text.ts";
import { DiffProblem } from "./problem.ts";
import type { Side } from "./sides.ts";

export interface CompiledSide {
  readonly side: Side;
  readonly program: Program;
  /** Every file that was read, by path. */
  readonly texts: ReadonlyMap<string, string | null>;
}

/**
 * The side's program.
 * @throws DiffProblem when the spec is not there, or (its findings printed) when it has errors
 */
export function compileSide(
  invocation: Invocation,
  side: Side,
  values: Pick<CompileOptions, "set" | "environment">,
): CompiledSide {
  const { cwd } = invocation;
  const texts = new Map<string, string | null>();
  const files = hostOf(cwd, side, texts);
  const entry = shown(cwd, side.spec);
  if (files.read(entry) === null) throw missing(side, entry);
  const compiled = compile({ files, entry, vocabulary, ...values });
  const { program } = compiled;
  if (program === null) throw broken(invocation, side, entry, compiled, texts);
  return { side, program, texts };
}

/** Where a side's files come from: all of them, those that it imports too, from the same revision. */
function hostOf(cwd: string, { commit, repository }: Side, texts: Map<string, string | null>): Host {
  const fetch = (path: string): string | null => {
    const place = placeOf(cwd, path);
    // What comes with the language is in no repository but its own, and the same whatever the revision.
    const own = commit === null || repository === null || place !== resolve(cwd, path);
    return own ? readText(place) : repository.read(commit, place);
  };
  return {
    read: (path) => {
      const known = texts.get(path);
      if (known !== undefined) return known;
      const text = fetch(path);
      texts.set(path, text);
      return text;
    },
  };
}

function missing({ name, commit, repository, spec }: Side, entry: string): DiffProblem {
  if (commit === null && !existsSync(spec)) return new DiffProblem("ML2048", { path: entry });
  const near = commit === null ? null : nearest(entry, repository?.specs(commit) ?? []);
  return new DiffProblem("ML8042", {
    side: name,
    path: entry,
    known: near === null ? "" : `; did you mean ${near}?`,
  });
}

/** Prints what is wrong, its files named with the side, and says so. */
function broken(
  { terminal, json }: Invocation,
  { name, commit }: Side,
  entry: string,
  { diagnostics }: Compiled,
  texts: ReadonlyMap<string, string | null>,
): DiffProblem {
  const placed = (file: string) => (commit === null ? file : `${name}:${file}`);
  const lines = (file: string) => {
    const text = texts.get(commit === null ? file : file.slice(name.length + 1));
    return text == null ? null : new Lines(text);
  };
  const moved = diagnostics
    .filter(({ severity }) => severity === "error")
    .map((found) => ({
      ...found,
      file: placed(found.file),
      related: found.related.map((one) => ({ ...one, file: placed(one.file) })),
      // A fix would be made in the working tree, which is not what is wrong.
      fixes: commit === null ? found.fixes : [],
    }));
  if (!json)
    for (const found of moved) terminal.err(renderDiagnostic(found, { color: terminal.color, lines }));
  // Two files are compared by their own names, and each is its side.
  const what = name === entry ? entry : `${entry} in ${name}`;
  const values = { what, count: countDiagnostics(moved) };
  return new DiffProblem("ML8044", values, EXIT.wrong, moved);
}
