/** What `mlops check` writes besides its findings: SARIF and the IR. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pageOf } from "../language/diagnostics/catalogue.ts";
import type { Diagnostic } from "../language/diagnostics/diagnostic.ts";
import { Lines } from "../language/diagnostics/lines.ts";
import type { Program } from "../language/ir/program.ts";
import packageJson from "../package.json" with { type: "json" };
import type { Invocation } from "./command.ts";
import { refuse } from "./finding.ts";
import { packageRoot } from "./package-root.ts";
import { placeOf, readText } from "./read-text.ts";
import { sarifLog } from "./sarif.ts";

export interface CheckOutputs {
  /** Standard output is taken: people are spoken to on standard error. */
  readonly toStandardOutput: boolean;
  /** `program` is asked for only where it is written. */
  write(diagnostics: readonly Diagnostic[], program: () => Program | null): Promise<void>;
}

/** Null when two want standard output, or the IR of several specs is asked for: it has been said. */
export function checkOutputs(
  invocation: Invocation,
  { sarif, ir }: { readonly sarif: unknown; readonly ir: unknown },
  specs: readonly string[],
): CheckOutputs | null {
  const takers = [
    ...(sarif === "-" ? ["`--sarif -`"] : []),
    ...(ir === "-" ? ["`--ir -`"] : []),
    ...(invocation.json ? ["`--json`"] : []),
  ];
  if (takers.length > 1) {
    refuse({ terminal: invocation.terminal, json: false }, "ML8051", { options: takers.join(" and ") });
    return null;
  }
  if (ir !== undefined && specs.length !== 1) {
    const problem = `an IR is of one spec, and these are ${specs.length}: check them one by one`;
    refuse(invocation, "ML8059", { what: "the IR", problem });
    return null;
  }
  const put = (target: string, value: unknown): void => {
    const text = `${JSON.stringify(value, null, 2)}\n`;
    if (target === "-") {
      invocation.terminal.out(text);
      return;
    }
    const path = resolve(invocation.cwd, target);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  return {
    toStandardOutput: sarif === "-" || ir === "-",
    write: async (diagnostics, program) => {
      if (typeof sarif === "string") put(sarif, log(invocation.cwd, diagnostics));
      // With errors there is no meaning to write; the findings say so.
      const made = typeof ir === "string" ? program() : null;
      if (typeof ir === "string" && made !== null) put(ir, made);
    },
  };
}

function log(cwd: string, diagnostics: readonly Diagnostic[]) {
  const texts = new Map<string, Lines>();
  const linesOf = (file: string): Lines => {
    const known = texts.get(file) ?? new Lines(readText(placeOf(cwd, file)) ?? "");
    texts.set(file, known);
    return known;
  };
  return sarifLog(diagnostics, {
    cwd,
    version: packageJson.version,
    page: (code) => {
      try {
        return readFileSync(join(packageRoot(), pageOf(code)), "utf8");
      } catch {
        return null;
      }
    },
    line: (file, number) => linesOf(file).line(number),
  });
}
