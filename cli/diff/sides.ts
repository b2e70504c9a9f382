/** Which two specs are compared: files, or one file in two states of a repository. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { readText } from "../read-text.ts";
import { entriesAmong } from "./entries.ts";
import { Repository } from "./git.ts";
import { DiffProblem } from "./problem.ts";

export interface Side {
  /** As people call it: `main`, `HEAD~2`, `the working tree`. */
  readonly name: string;
  /** Null: the files as they lie on the disk. */
  readonly commit: string | null;
  /** Absolute path of the spec. */
  readonly spec: string;
  readonly repository: Repository | null;
}

export interface TwoSides {
  readonly before: Side;
  readonly after: Side;
}

export const WORKING_TREE = "the working tree";

/**
 * From what stands behind `mlops diff`: `[A [B]] [SPEC]`, `A..B`, `A...B` (from where the two parted), or two specs,
 * each perhaps of a revision (`main:loan.mlops`). What ends in `.mlops` is a spec.
 * @throws DiffProblem
 */
export function sidesOf(cwd: string, words: readonly string[], spec: string | undefined): TwoSides {
  const files = [...words.filter(isSpec), ...(spec === undefined ? [] : [spec])];
  const revisions = words.filter((word) => !isSpec(word)).flatMap(split);
  const tooMuch = () => new DiffProblem("ML8046", { given: words.map((word) => `\`${word}\``).join(", ") });
  if (files.length === 1) {
    const [revision, file] = inRevision(cwd, files[0]!);
    // `main:loan.mlops` alone is `main loan.mlops`.
    if (revision !== null && revisions.push(revision) > 1) throw tooMuch();
    files[0] = file;
  }
  const [first, second] = files;
  if (files.length === 2 && revisions.length === 0 && first !== undefined && second !== undefined)
    return { before: fileSide(cwd, first), after: fileSide(cwd, second) };
  if (files.length > 1 || revisions.length > 2) throw tooMuch();
  const repository = new Repository(first === undefined ? cwd : dirname(resolve(cwd, first)));
  const [a = "HEAD", b] = revisions;
  const commits = {
    before: commitOf(repository, a, b),
    after: b === undefined ? null : repository.commit(b),
  };
  const found = resolve(cwd, first ?? theSpec(cwd, repository, commits, revisions));
  const base = { spec: found, repository };
  return {
    before: { ...base, name: revisionName(a), commit: commits.before },
    after: { ...base, name: b ?? WORKING_TREE, commit: commits.after },
  };
}

/** A file on the disk, or `REVISION:file`. */
function fileSide(cwd: string, word: string): Side {
  const [revision, file] = inRevision(cwd, word);
  const spec = resolve(cwd, file);
  if (revision === null) return { name: word, commit: null, spec, repository: null };
  const repository = new Repository(dirname(spec));
  return { name: revision, commit: repository.commit(revision), spec, repository };
}

/** `main:loan.mlops` in its two parts; a file that has such a name comes first. */
function inRevision(cwd: string, word: string): readonly [revision: string | null, file: string] {
  const colon = word.indexOf(":");
  // One letter before a colon is a drive.
  return colon < 2 || existsSync(resolve(cwd, word))
    ? [null, word]
    : [word.slice(0, colon), word.slice(colon + 1)];
}

const isSpec = (word: string): boolean => extname(word) === ".mlops";

/** `a..b` are two revisions; `a...b` are where they parted, and b. */
function split(word: string): string[] {
  const range = /^(.*?)(\.{2,3})(.*)$/.exec(word);
  if (range === null) return [word];
  const [, a = "", dots = "", b = ""] = range;
  const [from, to] = [a === "" ? "HEAD" : a, b === "" ? "HEAD" : b];
  return [dots === "..." ? `${PARTED}${from}` : from, to];
}

/** Marks a revision of which the commit is meant where the other parted from it. */
const PARTED = "parted:";
const revisionName = (revision: string): string =>
  revision.startsWith(PARTED) ? `${revision.slice(PARTED.length)} (where they parted)` : revision;

function commitOf(repository: Repository, revision: string, other: string | undefined): string {
  return revision.startsWith(PARTED)
    ? repository.mergeBase(revision.slice(PARTED.length), other ?? "HEAD")
    : repository.commit(revision);
}

/** The only spec that differs (by itself or by what it imports), else the only one there is. */
function theSpec(
  cwd: string,
  repository: Repository,
  { before, after }: { readonly before: string; readonly after: string | null },
  revisions: readonly string[],
): string {
  const changed = repository.changedSpecs(before, after);
  const here = after === null ? specsHere(cwd) : repository.specs(after);
  const read = (spec: string) => {
    const path = resolve(cwd, spec);
    return after === null ? readText(path) : repository.read(after, path);
  };
  const all = [...new Set([...here, ...changed])].filter((spec) => read(spec) !== null);
  const touched = entriesAmong(all, changed, read);
  const [candidates, what] =
    changed.length > 0 && touched.length > 0
      ? [touched, "differ"]
      : [all, `${all.length === 1 ? "is" : "are"} here`];
  if (candidates.length === 1) return candidates[0]!;
  const listed = candidates.slice(0, 5).join(", ") + (candidates.length > 5 ? ", …" : "");
  const found = candidates.length === 0 ? "there is no .mlops file here" : `${listed} ${what}`;
  throw new DiffProblem("ML8043", { revisions: revisions.map(revisionName).join(" ") || "HEAD", found });
}

function specsHere(cwd: string): string[] {
  return existsSync(cwd)
    ? readdirSync(cwd)
        .filter((name) => name.endsWith(".mlops"))
        .sort()
    : [];
}
