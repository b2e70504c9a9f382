/** A program of somebody else's as a step: what decides whether it runs again, and how it runs. */
import { statSync } from "node:fs";
import { lstat, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";

import { fillPlaceholders, placeholdersOf } from "../../language/vocabulary/placeholders.ts";
import type { CommandStep } from "../../stdlib/kinds/step.ts";
import { closest } from "../data/closest.ts";
import { resolvePaths } from "../data/paths.ts";
import { type StepContext, type StepExecutor, StepFailure, type StepResult } from "../execute/step.ts";
import type { Digest } from "../store/types.ts";

/** Without these most programs find neither their parts nor a place for their temporary files. */
const ALWAYS =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|COMSPEC|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA)$/i;

// The planner hands over what stdlib's schema of the kind accepted.
const propsOf = (context: Pick<StepContext, "props">) => context.props as unknown as CommandStep;

/**
 * The word as an absolute path where it is a file of the project. A program's own name is one only with a slash, as
 * in a shell.
 */
function projectFile(project: string, word: string, index: number): string | null {
  if (word === "" || placeholdersOf(word).length > 0 || (index === 0 && !/[/\\]/.test(word))) return null;
  const file = resolve(project, word);
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : null;
}

const hasGlob = (path: string): boolean => /[*?[{]/.test(path);

export const step: StepExecutor = {
  kind: "step",
  version: 1,
  externals(context) {
    const { run, program = [], inputs = {}, inherit = [] } = propsOf(context);
    const { project } = context;
    const named = run.flatMap((word, i) => projectFile(project, word, i) ?? []);
    const given = Object.values(inputs).flatMap((input) =>
      typeof input === "string" ? [resolve(project, input)] : [],
    );
    const more = program.flatMap((path) => resolvePaths(project, path));
    const facts = inherit.map((name) => [`environment ${name}`, process.env[name] ?? "not set"] as const);
    return { files: [...new Set([...named, ...given, ...more])], facts: Object.fromEntries(facts) };
  },
  load: async () => runStep,
};

/**
 * Outputs the declared files by name; summary `{outputs: {name: {path, bytes}}}`.
 * @throws StepFailure ML8032, ML8034–ML8039
 */
async function runStep(context: StepContext): Promise<StepResult> {
  const { outputs, repeatable } = propsOf(context);
  const first = await runOnce(context);
  if (repeatable) {
    const second = await runOnce(context);
    const other = Object.keys(outputs).filter((name) => first[name]!.digest !== second[name]!.digest);
    if (other.length > 0)
      throw failure(context, "ML8039", { outputs: other.join(", ") }, "/repeatable", [], 2);
  }
  const entries = Object.entries(first);
  return {
    outputs: Object.fromEntries(entries.map(([name, { digest }]) => [name, digest])),
    summary: {
      outputs: Object.fromEntries(
        entries.map(([name, { bytes }]) => [name, { path: outputs[name]!, bytes }]),
      ),
    },
  };
}

interface Output {
  readonly digest: Digest;
  readonly bytes: number;
}

async function runOnce(context: StepContext): Promise<Record<string, Output>> {
  const { store, project, signal } = context;
  const props = propsOf(context);
  const [{ runOutside }, { existingFile, handOver }] = await Promise.all([
    import("../step/outside-program.ts"),
    import("../step/hand-over.ts"),
  ]);
  for (const [i, path] of (props.program ?? []).entries())
    if (resolvePaths(project, path).length === 0 || !hasGlob(path))
      existingFile(context, path, `/program/${i}`);
  const place = store.temporary("-step");
  const [folder, work] = [join(place, "inputs"), join(place, "work")];
  try {
    await mkdir(folder, { recursive: true });
    await mkdir(work);
    const paths = new Map<string, string>();
    for (const [name, input] of Object.entries(props.inputs ?? {})) {
      const options = { folder, rowsAs: props.rows_as, pointer: `/inputs/${name}` };
      const file = await handOver(context, name, input, options);
      // Relative where it can be: a path that a program writes down is then the same every time.
      paths.set(name, file.startsWith(place) ? relative(work, file) : file);
    }
    for (const [name, path] of Object.entries(props.outputs)) {
      await mkdir(dirname(join(work, path)), { recursive: true });
      paths.set(name, path);
    }
    const secrets = secretsOf(context);
    const { ending, tail } = await runOutside({
      command: props.run.map((word, i) => projectFile(project, word, i) ?? fillPlaceholders(word, paths)),
      folder: work,
      environment: { ...environmentOf(props, paths), ...secrets },
      timeout: props.timeout ?? null,
      hidden: Object.values(secrets),
      signal,
      line: (text) => context.log(text),
    });
    if (ending.is === "absent")
      throw failure(context, "ML8035", { problem: ending.problem, program: props.run[0]! }, "/run/0");
    if (ending.is === "late") {
      const limit = `${props.timeout} s`;
      throw failure(context, "ML8038", { limit }, "/timeout", tail, 3);
    }
    if (ending.is === "failed") {
      const how = ending.signal === null ? `exit code ${ending.code}` : `the signal ${ending.signal}`;
      const said = ending.said === null ? "" : `, saying: ${ending.said}`;
      throw failure(context, "ML8036", { ending: how, said }, "/run", tail, 3);
    }
    return await collect(context, work);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Moves the outputs into the store. */
async function collect(context: StepContext, work: string): Promise<Record<string, Output>> {
  const collected: Record<string, Output> = {};
  for (const [name, path] of Object.entries(propsOf(context).outputs)) {
    const file = join(work, path);
    const found = await lstat(file).catch(() => null);
    if (found?.isFile() !== true) {
      const entries = await readdir(work, { recursive: true, withFileTypes: true });
      const written = entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(work, join(entry.parentPath, entry.name)))
        .sort();
      const near = closest(path, written);
      const hint =
        near !== null
          ? `, and wrote ${near}`
          : found === null
            ? ""
            : ", and made something else of that name";
      const details =
        written.length === 0 ? ["it wrote no file"] : [`it wrote ${written.slice(0, TOLD).join(", ")}`];
      const values = { path, name, near: hint, placeholder: `{${name}}` };
      throw failure(context, "ML8037", values, `/outputs/${name}`, details, 1);
    }
    collected[name] = { digest: await context.store.putFile(file), bytes: found.size };
  }
  return collected;
}

/** How many of the files that a program wrote are named. */
const TOLD = 20;

function environmentOf(props: CommandStep, paths: ReadonlyMap<string, string>): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && (ALWAYS.test(name) || props.inherit?.includes(name)),
  );
  const own = Object.entries(props.environment ?? {}).map(([name, value]) => [
    name,
    fillPlaceholders(value, paths),
  ]);
  return Object.fromEntries([...kept, ...own]);
}

function secretsOf(context: StepContext): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, { secret }] of Object.entries(propsOf(context).secrets ?? {})) {
    const value = process.env[secret] ?? "";
    if (value === "")
      throw failure(context, "ML8034", { secret, what: context.declaration.id }, `/secrets/${name}`);
    given[name] = value;
  }
  return given;
}

function failure(
  context: StepContext,
  code: string,
  values: Readonly<Record<string, string>>,
  pointer: string,
  details: readonly string[] = [],
  exit: 1 | 2 | 3 = 1,
): StepFailure {
  const { run } = propsOf(context);
  // `python3 clean.py`: the program and what it is told first, as far as that is plain.
  const words = run.slice(0, 2).filter((word) => placeholdersOf(word).length === 0);
  const all = { program: words.join(" "), ...values };
  return new StepFailure({ code, values: all, declaration: context.declaration.id, pointer, details }, exit);
}
