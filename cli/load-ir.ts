/** From an IR's file, made by another tool, to its checked program. */
import { entryOf, fill, pageOf, sentence } from "../language/diagnostics/catalogue.ts";
import type { Diagnostic } from "../language/diagnostics/diagnostic.ts";
import { type CheckedIr, checkIr } from "../language/ir/check.ts";
import { jsonMistake } from "../runtime/serve/json-text.ts";
import { vocabulary } from "../stdlib/vocabulary.ts";
import { readText } from "./read-text.ts";

/**
 * @param path absolute
 * @param file as diagnostics name it
 */
export function checkIrFile(path: string, file: string): CheckedIr {
  const text = readText(path);
  if (text === null) return { program: null, diagnostics: [found("ML2048", { path: file }, file, 1, 1)] };
  const mistake = jsonMistake(text);
  if (mistake === null) return checkIr(text, file, vocabulary);
  const { line, column, expected } = mistake;
  return { program: null, diagnostics: [found("ML8052", { expected }, file, line, column)] };
}

function found(
  code: string,
  values: Readonly<Record<string, string>>,
  file: string,
  line: number,
  column: number,
): Diagnostic {
  const { severity, message, help } = entryOf(code);
  return {
    code,
    severity,
    message: sentence(message, values),
    file,
    range: { line, column, endLine: line, endColumn: column },
    related: [],
    fixes: [],
    help: help === undefined ? null : fill(help, values),
    page: pageOf(code),
  };
}
