/** Files of a revision, read out of Git without a checkout. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, posix, relative, sep } from "node:path";
import { nearest } from "../../language/check/suggest.ts";
import { EXIT } from "../command.ts";
import { DiffProblem } from "./problem.ts";

/** A generous limit: `git show` of one spec. */
const MOST_BYTES = 64 * 1024 * 1024;

export class Repository {
  /** Absolute; where git is started. */
  readonly #folder: string;
  /** The folder inside of the repository, ending in `/`; empty at its root. */
  readonly #prefix: string;

  /** The repository around a folder, or around the nearest one above it that exists. */
  constructor(folder: string) {
    let place = folder;
    while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
    this.#folder = place;
    const prefix = this.#git(["rev-parse", "--show-prefix"]);
    if (prefix === null) throw new DiffProblem("ML8040", { place: folder });
    this.#prefix = prefix.trimEnd();
  }

  /** The commit that a revision names. */
  commit(revision: string): string {
    const found = this.#git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]);
    if (found !== null) return found.trim();
    const refs = this.#git([
      "for-each-ref",
      "--format=%(refname:short)",
      "refs/heads",
      "refs/tags",
      "refs/remotes",
    ]);
    const near = nearest(revision, (refs ?? "").split("\n").filter(Boolean));
    throw new DiffProblem("ML8041", { revision, known: near === null ? "" : `; did you mean \`${near}\`?` });
  }

  /** Where two lines of work parted. */
  mergeBase(a: string, b: string): string {
    const found = this.#git(["merge-base", this.commit(a), this.commit(b)]);
    if (found === null)
      throw new DiffProblem("ML8041", { revision: `${a}...${b}`, known: ": they share no history" });
    return found.trim();
  }

  /** The text of a file (an absolute path) in a commit; null when it is not in it. */
  read(commit: string, path: string): string | null {
    const inside = this.#inside(path);
    return inside === null ? null : this.#git(["cat-file", "blob", `${commit}:${inside}`]);
  }

  /** Specs of a folder below which work is done, as paths relative to it, that differ between two commits. */
  changedSpecs(before: string, after: string | null): string[] {
    const names = this.#git([
      "diff",
      "--name-only",
      "--relative",
      "-z",
      "--no-renames",
      before,
      ...(after === null ? [] : [after]),
      "--",
      "*.mlops",
    ]);
    return (names ?? "").split("\0").filter(Boolean);
  }

  /** Specs of a commit below the folder. */
  specs(commit: string): string[] {
    const names = this.#git(["ls-tree", "-r", "--name-only", "-z", commit]);
    return (names ?? "").split("\0").filter((name) => name.endsWith(".mlops"));
  }

  #inside(path: string): string | null {
    const inside = posix.normalize(this.#prefix + relative(this.#folder, path).split(sep).join("/"));
    return inside.startsWith("../") || posix.isAbsolute(inside) ? null : inside;
  }

  /** What git prints; null when it refuses. */
  #git(args: readonly string[]): string | null {
    const { stdout, status, error } = spawnSync("git", args, {
      cwd: this.#folder,
      encoding: "utf8",
      maxBuffer: MOST_BYTES,
      // Reading only: no lock is taken, nothing is asked, and no pager is opened.
      env: {
        ...process.env,
        GIT_OPTIONAL_LOCKS: "0",
        GIT_TERMINAL_PROMPT: "0",
        GIT_PAGER: "cat",
        LC_ALL: "C",
      },
    });
    if (error !== undefined) throw new DiffProblem("ML8045", { reason: error.message }, EXIT.outside);
    return status === 0 ? stdout : null;
  }
}
