/** Aligned columns of text. */
import { stripVTControlCharacters } from "node:util";
import { widthOf as placesOf } from "../language/graph/text-width.ts";

export interface TableColumn {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** Places that a text takes on a terminal, colours not counted. */
export const widthOf = (text: string): number => placesOf(stripVTControlCharacters(text));

function pad(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "right" ? space + text : text + space;
}

/**
 * One line for the titles and one for each row, two spaces between columns, none at the end of a line. A cell with
 * several lines makes its row several lines high.
 */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  const lines = [titles, ...rows].flatMap((row) => {
    const cells = columns.map((_, column) => (row[column] ?? "").split("\n"));
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => cells.map((cell) => cell[line] ?? ""));
  });
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column]!))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths[column]!, columns[column]!.align ?? "left"))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Decimal units, as the language's size literals: `64 KB`, `1.5 GB`. */
export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A metric's value with four significant places after the point, large ones shorter. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4)) return value.toExponential(3);
  return value.toFixed(Math.abs(value) >= 1000 ? 1 : 4);
}
