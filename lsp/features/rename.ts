/** `textDocument/rename`: a name everywhere at once; refused where something outside goes by it. */
import { ErrorCodes, ResponseError, type TextEdit } from "vscode-languageserver/node";
import { HEADS } from "../../language/check/collect.ts";
import { written } from "../completion/item.ts";
import type { Feature } from "../feature.ts";
import { offsetOf, pathOf, spanRange, uriOf } from "../locations.ts";
import { occurrenceAt, placesOf, targetOf } from "../names/index.ts";
import type { Target } from "../names/target.ts";
import type { Workspace } from "../workspace.ts";

const refuse = (message: string): never => {
  throw new ResponseError(ErrorCodes.InvalidRequest, message);
};

/** Why a target keeps its name; null when it may have another. */
export function keptBecause(target: Target): string | null {
  if (target.file.startsWith("std:")) return `\`${target.name}\` comes with the language`;
  if (target.symbol?.is === "secret") return `\`${target.name}\` is the name of an environment variable`;
  if (target.is !== "column") return null;
  const derives = target.phrase?.block?.items.some(
    (item) =>
      item.kind === "phrase" &&
      item.head.text === "derive" &&
      item.block?.items.some(
        (entry) => entry.kind === "attribute" && entry.name.span.start === target.span.start,
      ),
  );
  return derives === true ? null : `the data itself has a column \`${target.name}\``;
}

/** Why a new name cannot be given. */
function refusedName(workspace: Workspace, target: Target, name: string): string | null {
  if (name.trim() === "" || /[`\n]/.test(name)) return "A name has letters, digits and `_`.";
  const plain = /^[A-Za-z_]\w*$/.test(name);
  if (target.is === "column") return null;
  if (!plain) return `\`${name}\` is no name: use letters, digits and \`_\`.`;
  if (target.is !== "symbol") return null;
  const { vocabulary } = workspace;
  const words = [
    ...HEADS,
    ...Object.keys(vocabulary.kinds),
    ...Object.keys(vocabulary.metrics),
    ...Object.keys(vocabulary.layers),
    ...Object.values(vocabulary.functions).map((spec) => spec.name),
  ];
  if (words.includes(name)) return `\`${name}\` is a word of the language.`;
  const taken = workspace.analysis(target.file).symbols.get(name);
  return taken === undefined
    ? null
    : `\`${name}\` is taken already, by the ${taken.phrase.head.text} of that name.`;
}

export const rename: Feature = {
  capabilities: { renameProvider: { prepareProvider: true } },
  listen({ connection, workspace }) {
    const at = (uri: string, position: { line: number; character: number }) => {
      const path = pathOf(uri);
      const parsed = workspace.files.parsed(path);
      const occurrence =
        parsed === null ? null : occurrenceAt(workspace, path, offsetOf(parsed.lines, position));
      const target = occurrence === null ? null : targetOf(workspace, path, occurrence);
      return parsed === null || occurrence === null || target === null
        ? null
        : { parsed, occurrence, target };
    };
    connection.onPrepareRename(({ textDocument, position }) => {
      const found = at(textDocument.uri, position);
      if (found === null) return null;
      const kept = keptBecause(found.target);
      if (kept !== null) return refuse(`This name stays: ${kept}.`);
      return {
        range: spanRange(found.parsed.lines, found.occurrence.name.span),
        placeholder: found.target.name,
      };
    });
    connection.onRenameRequest(({ textDocument, position, newName }) => {
      const found = at(textDocument.uri, position);
      if (found === null) return refuse("Nothing of yours has a name here.");
      const { target } = found;
      const kept = keptBecause(target);
      if (kept !== null) return refuse(`This name stays: ${kept}.`);
      const problem = refusedName(workspace, target, newName);
      if (problem !== null) return refuse(problem);
      const changes: Record<string, TextEdit[]> = {};
      for (const { path, occurrence } of placesOf(workspace, target, workspace.specs())) {
        const { lines } = workspace.files.parsed(path)!;
        const { name } = occurrence;
        // `a as b` keeps the name that the file uses itself.
        if (name.text !== target.name) continue;
        changes[uriOf(path)] = [
          ...(changes[uriOf(path)] ?? []),
          { range: spanRange(lines, name.span), newText: written(newName) },
        ];
      }
      return { changes };
    });
  },
};
