/** ML8xxx: the store, the plan and the machine. */
import type { Catalogue } from "../entry.ts";

export const storeDiagnostics = {
  ML8001: {
    severity: "error",
    message: "Run again to make {origin} anew: its object {digest} in the store is damaged",
    help: "The damaged bytes were set aside in .mlops/damaged; a disk that changes bytes is worth a look.",
  },
  ML8002: {
    severity: "error",
    message: "Free space on the disk that holds {place}, then run again: it is full",
    help: "Nothing is lost: finished steps are kept and the next run goes on from them. `mlops gc` removes what nothing needs.",
  },
  ML8003: {
    severity: "error",
    message: "{declaration} stopped for a reason that is not in the spec: {reason}",
    help: "Run again; if it stays, report it with the lines that MLOPS_DEBUG=1 shows.",
  },
  ML8004: {
    severity: "error",
    message: "Run again to make {origin} anew: its object {digest} is no longer in the store",
    help: "Remove objects with `mlops gc` only; it keeps what is still needed.",
  },
  ML8005: {
    severity: "error",
    message: "Make {place} writable: {reason}",
  },
  ML8006: {
    severity: "error",
    message: "Wait for the process that holds {place}, then run again: its database stayed locked",
    help: "A process stopped in the middle of a write, a debugger or a network file system can hold a lock.",
  },
  ML8007: {
    severity: "error",
    message:
      "Put back a copy of {place}/mlops.db, or remove it to start anew: the database is damaged ({reason})",
    help: "Without it finished steps run again; registered versions are in it too, so prefer a copy.",
  },
  ML8008: {
    severity: "warning",
    message: "{name} of {declaration} was damaged on disk; the step is carried out anew",
    help: "The damaged bytes were set aside in .mlops/damaged; a disk that changes bytes is worth a look.",
  },
  ML8009: {
    severity: "error",
    message: "Name a run that exists, not `{run}`{known}",
    help: "`mlops runs` lists them; `last` and `last~1` work too.",
  },
  ML8010: {
    severity: "error",
    message: "Start in a project that has run, or name its folder or spec: no .mlops found at {place}",
  },
  ML8011: {
    severity: "error",
    message: "Give {option} {expected}, not `{value}`",
  },
  ML8012: {
    severity: "error",
    message: "Name a declaration of this spec, not `{name}`{known}",
  },
  ML8013: {
    severity: "error",
    message: "Sort by a metric that these runs have, not `{metric}`{known}",
  },
  ML8014: {
    severity: "warning",
    message: "Look at the MLflow server {url}: it did not take the run ({problem})",
    help: "The run itself is kept: `mlops runs` shows it. Run again to send it, or unset MLFLOW_TRACKING_URI.",
  },
} as const satisfies Catalogue;
