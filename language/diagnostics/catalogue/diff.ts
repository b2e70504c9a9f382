/** ML8040–8049: comparing specs, and the revisions that hold them. */
import type { Catalogue } from "../entry.ts";

export const diffDiagnostics = {
  ML8040: {
    severity: "error",
    message: "Start in a Git repository, or name two spec files: {place} is in no repository",
    help: "`mlops diff old.mlops new.mlops` compares two files without Git.",
  },
  ML8041: {
    severity: "error",
    message: "Name a revision that exists, not `{revision}`{known}",
    help: "A branch, a tag, a commit, `HEAD~2`; in a shallow clone, fetch it first.",
  },
  ML8042: {
    severity: "error",
    message: "Name a spec that is in {side}, not {path}{known}",
    help: "A spec that was moved is compared under both names: `mlops diff main:old.mlops new.mlops`.",
  },
  ML8043: {
    severity: "error",
    message: "Name the spec to compare, `mlops diff {revisions} SPEC`: {found}",
  },
  ML8044: {
    severity: "error",
    message: "Mend {what}, or compare with another revision: it has {count}",
    help: "What a broken spec means cannot be told, so nothing is compared.",
  },
  ML8045: {
    severity: "error",
    message: "Install Git, or name two spec files: {reason}",
  },
  ML8046: {
    severity: "error",
    message: "Give at most two revisions and one spec, or two specs, not {given}",
  },
} as const satisfies Catalogue;
