/** `textDocument/signatureHelp`: the arguments of the call at the cursor, and which one is being written. */
import { MarkupKind, type ParameterInformation, type SignatureHelp } from "vscode-languageserver-types";
import { expected } from "../../language/check/messages.ts";
import type { Argument } from "../../language/syntax/tree.ts";
import { type Field, fieldsOf } from "../../language/vocabulary/schema.ts";
import { type Cursor, cursorAt } from "../cursor.ts";
import type { Feature } from "../feature.ts";
import { Known } from "../known.ts";
import { offsetOf, pathOf } from "../locations.ts";
import { expectedAt, insideOf, layerOf, phraseFields } from "../place.ts";
import type { Workspace } from "../workspace.ts";

interface Called {
  readonly name: string;
  readonly doc: string;
  readonly parameters: readonly { readonly name: string; readonly doc: string }[];
  readonly given: readonly Argument[];
}

const parametersOf = (fields: readonly Field[]) =>
  fields.map(({ name, meaning, required }) => ({
    name: required ? name : `${name}?`,
    doc: `${expected(meaning)}. ${meaning.doc}`,
  }));

/** The call whose parentheses hold the cursor. */
function calledAt(workspace: Workspace, path: string, cursor: Cursor): Called | null {
  const { vocabulary } = workspace;
  const call = cursor.inside.findLast((node) => node.kind === "call" && cursor.offset > node.callee.span.end);
  if (call?.kind === "call") {
    const callee =
      call.callee.kind === "reference"
        ? call.callee.name.text
        : call.callee.kind === "member"
          ? call.callee.member.text
          : "";
    const given = call.arguments;
    const inside = cursor.inside.slice(0, cursor.inside.indexOf(call) + 1);
    const meaning = expectedAt({ ...cursor, inside, offset: call.span.start }, vocabulary)?.meaning;
    if (meaning?.is === "call" && meaning.forms[callee] !== undefined) {
      const form = meaning.forms[callee];
      return { name: callee, doc: form.doc, parameters: parametersOf(fieldsOf(form.args)), given };
    }
    const metric = vocabulary.metrics[callee];
    if (metric !== undefined && (meaning?.is === "metric" || call.callee.kind === "member"))
      return { name: callee, doc: metric.doc, parameters: parametersOf(fieldsOf(metric.args)), given };
    const spec = Object.values(vocabulary.functions).find((one) => one.name === callee);
    if (spec !== undefined) {
      const parameters = spec.parameters.map(({ name, type, optional }) => ({
        name: optional === true ? `${name}?` : name,
        doc: type === "any" ? "" : `a ${type}`,
      }));
      return { name: callee, doc: spec.doc, parameters, given };
    }
    const symbol = new Known(workspace.recent(path)).symbol(callee);
    if (symbol?.is !== "generic") return null;
    const parameters = symbol.parameters.map(({ name, type, doc, fallback }) => ({
      name: fallback === null ? name : `${name}?`,
      doc: [type?.expected, doc].filter((part) => part != null).join(". "),
    }));
    return { name: callee, doc: symbol.phrase.doc ?? "", parameters, given };
  }
  const { item } = cursor;
  if (item?.kind !== "phrase" || item.arguments === null || cursor.offset <= item.head.span.end) return null;
  const inside = insideOf(cursor.blocks, vocabulary);
  const layer = inside.is === "layers" ? layerOf(item, vocabulary) : null;
  const fields =
    layer !== null
      ? fieldsOf(layer.args)
      : phraseFields(item, inside).filter(({ position }) => position?.at === "argument");
  return {
    name: item.head.text,
    doc: layer?.doc ?? "",
    parameters: parametersOf(fields),
    given: item.arguments,
  };
}

/** The argument at the cursor by its name or its place; behind the last comma the next one. */
function activeOf({ given, parameters }: Called, { offset, parsed }: Cursor): number {
  const at = given.findIndex(({ span }) => span.start <= offset && offset <= span.end);
  if (at < 0) return given.filter(({ span }) => span.end < offset).length;
  const name = given[at]?.name?.text;
  const named =
    name === undefined ? at : parameters.findIndex((parameter) => parameter.name.replace("?", "") === name);
  return parsed.text === "" ? 0 : named;
}

export function signatureAt(workspace: Workspace, path: string, offset: number): SignatureHelp | null {
  const parsed = workspace.files.parsed(path);
  if (parsed === null) return null;
  const cursor = cursorAt(parsed, offset);
  const called = calledAt(workspace, path, cursor);
  if (called === null || called.parameters.length === 0) return null;
  const parameters = called.parameters.map(
    ({ name, doc }): ParameterInformation => ({
      label: name,
      ...(doc === "" ? {} : { documentation: { kind: MarkupKind.Markdown, value: doc } }),
    }),
  );
  const label = `${called.name}(${called.parameters.map(({ name }) => name).join(", ")})`;
  const documentation =
    called.doc === "" ? {} : { documentation: { kind: MarkupKind.Markdown, value: called.doc } };
  return {
    signatures: [{ label, ...documentation, parameters }],
    activeSignature: 0,
    activeParameter: Math.min(activeOf(called, cursor), called.parameters.length - 1),
  };
}

export const signatureHelp: Feature = {
  capabilities: { signatureHelpProvider: { triggerCharacters: ["(", ","], retriggerCharacters: ["="] } },
  listen({ connection, workspace }) {
    connection.onSignatureHelp(({ textDocument, position }) => {
      const path = pathOf(textDocument.uri);
      const parsed = workspace.files.parsed(path);
      return parsed === null ? null : signatureAt(workspace, path, offsetOf(parsed.lines, position));
    });
  },
};
