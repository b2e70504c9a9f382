/** `mlops/graph`: the picture of a spec, what the cursor is in, and how each step fared in the last run. */

import { bareName } from "../../language/check/symbols.ts";
import { graphSvg } from "../../language/graph/svg.ts";
import { focused, viewOf } from "../../language/graph/view.ts";
import { cursorAt } from "../cursor.ts";
import type { Feature } from "../feature.ts";
import { staleBecause } from "../last-run.ts";
import { offsetOf, pathOf } from "../locations.ts";

export interface GraphParams {
  readonly textDocument: { readonly uri: string };
  readonly position?: { readonly line: number; readonly character: number };
  /** Only what the declaration at the position needs, and what needs it. */
  readonly focus?: boolean;
}

export interface GraphAnswer {
  /** Null while the spec has errors. */
  readonly svg: string | null;
  /** Id of the declaration at the position. */
  readonly at: string | null;
  /** By id: "ran", "reused", "stale", … */
  readonly status: Readonly<Record<string, string>>;
  /** Where each declaration stands, for a click: lines from 0. */
  readonly lines: Readonly<Record<string, number>>;
}

export const graph: Feature = {
  capabilities: {},
  listen({ connection, workspace, knowledge }) {
    connection.onRequest(
      "mlops/graph",
      ({ textDocument, position, focus }: GraphParams): GraphAnswer | null => {
        const path = pathOf(textDocument.uri);
        const parsed = workspace.files.parsed(path);
        if (parsed === null) return null;
        const { program } = workspace.analysis(path);
        const cursor = position === undefined ? null : cursorAt(parsed, offsetOf(parsed.lines, position));
        const phrase = cursor?.blocks[0] ?? cursor?.item;
        const name = phrase?.kind === "phrase" ? bareName(phrase.operand)?.text : undefined;
        const here = program?.declarations.find(
          (one) => one.name === name && phrase?.kind === "phrase" && one.kind === phrase.head.text,
        );
        if (program === null) return { svg: null, at: null, status: {}, lines: {} };
        const drawn = focus === true && here !== undefined ? focused(program, here) : program;
        const status: Record<string, string> = {};
        for (const [id, step] of knowledge.steps(path))
          status[id] = staleBecause(workspace, path, id, step) === null ? step.status : "stale";
        return {
          svg: graphSvg(viewOf(drawn, workspace.vocabulary), program.spec),
          at: here?.id ?? null,
          status,
          lines: Object.fromEntries(
            drawn.declarations
              .filter(({ source }) => source.file === path)
              .map(({ id, source }) => [id, source.line - 1]),
          ),
        };
      },
    );
  },
};
