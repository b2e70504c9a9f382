/** What is wrong with a strptime format (DuckDB's specifiers). */

/** Those that both the reader of the data and the server of the model know. */
const SPECIFIERS = "bBdfHIjmMpSyYzZ%";
/** Other tools' ways of writing parts of a moment. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/YYYY|yyyy/g, "%Y"],
  [/YY|yy/g, "%y"],
  [/HH24|HH/g, "%H"],
  [/hh/g, "%I"],
  [/MI|(?<=%[HI][:.]?)(?:MM|mm)/g, "%M"],
  [/MMMM/g, "%B"],
  [/MMM|Mon/g, "%b"],
  [/MM/g, "%m"],
  [/mm/g, "%M"],
  [/DD|dd/g, "%d"],
  [/SS|ss/g, "%S"],
];

export interface FormatProblem {
  /** The end of a sentence: "has no `%Y` or other part of a date in it". */
  readonly problem: string;
  /** The format that is likely meant. */
  readonly meant: string | null;
}

/** Null when nothing is wrong. */
export function formatProblem(format: string): FormatProblem | null {
  const parts = [...format.matchAll(/%(.?)/gs)].map(([whole, letter]) => ({ whole, letter: letter ?? "" }));
  const unknown = parts.find(({ letter }) => letter === "" || !SPECIFIERS.includes(letter));
  if (unknown !== undefined)
    return {
      problem: `has \`${unknown.whole}\`, which dates cannot be read with: there are ${[...SPECIFIERS].map((letter) => `%${letter}`).join(" ")}`,
      meant: null,
    };
  if (parts.some(({ letter }) => letter !== "%")) return null;
  const meant = ELSEWHERE.reduce((text, [written, here]) => text.replace(written, here), format);
  return {
    problem: "has no part of a date in it, such as `%Y`",
    meant: meant !== format && formatProblem(meant) === null ? meant : null,
  };
}
