/** ML8030–ML8039: programs that a spec names, what they are given and what they leave. */
import type { Catalogue } from "../entry.ts";

export const programsDiagnostics = {
  ML8030: {
    severity: "error",
    message: "Write {known} in `{attribute}`, not `{placeholder}`: {what} has no such input or output",
    help: "`{name}` in it stands for the path of an input or an output of that name.",
  },
  ML8031: { severity: "error", message: "Write {written}: {what} {problem}" },
  ML8032: { severity: "error", message: "Put a file at {path}, or correct {attribute}: there is none" },
  ML8033: {
    severity: "error",
    message:
      "Write `{placeholder}` in `run`, or take `{name}` out of `inputs`: the program is not told of it",
    help: "`environment` may hold the placeholder too.",
  },
  ML8034: {
    severity: "error",
    message: "Set the environment variable {secret}: {what} is handed it, and it is empty",
  },
  ML8035: {
    severity: "error",
    message: "Install `{program}`, or write its path in `run`: this machine has no such program ({problem})",
  },
  ML8036: {
    severity: "error",
    message: "Mend `{program}`: it ended with {ending}{said}",
    help: "Its last lines are below; exit code 0 says that it did its work.",
  },
  ML8037: {
    severity: "error",
    message: "Make `{program}` write {path}, or correct `outputs.{name}`: it ended without it{near}",
    help: "Outputs are files in the step's own work folder; `{placeholder}` in `run` is where the program finds the path.",
  },
  ML8038: {
    severity: "error",
    message: "Give `timeout` more than {limit}, or make `{program}` quicker: it was stopped after {limit}",
  },
  ML8039: {
    severity: "error",
    message: "Make `{program}` repeatable, or take out `repeatable`: a second run wrote another {outputs}",
    help: "Seeds, clocks, and the order of hash tables and threads are where two runs differ.",
  },
} as const satisfies Catalogue;
