/** The words that may stand after a column's type. */
import type { ColumnType, Role } from "./types.ts";

export interface ConstraintSpec {
  readonly doc: string;
  /** What follows the word. */
  readonly takes: "nothing" | "number" | "text" | "value" | "values";
  /** The column types it fits. */
  readonly fits: readonly ColumnType[];
  /** The role that it gives the column; a column has one at most. */
  readonly role?: Role;
}

const ANY: readonly ColumnType[] = [
  "int",
  "float",
  "boolean",
  "category",
  "string",
  "text",
  "date",
  "timestamp",
];
const IDENTIFIERS: readonly ColumnType[] = ["int", "category", "string"];
const MOMENTS: readonly ColumnType[] = ["date", "timestamp"];

export const CONSTRAINTS: Readonly<Record<string, ConstraintSpec>> = {
  key: {
    doc: "Names the row; never a feature.",
    takes: "nothing",
    fits: [...IDENTIFIERS, ...MOMENTS],
    role: "key",
  },
  label: {
    doc: "What models predict; never a feature.",
    takes: "nothing",
    fits: ["int", "float", "boolean", "category", "string"],
    role: "label",
  },
  entity: {
    doc: "Names whom the row is about; never a feature.",
    takes: "nothing",
    fits: IDENTIFIERS,
    role: "entity",
  },
  event: { doc: "When it happened; never a feature.", takes: "nothing", fits: MOMENTS, role: "event" },
  available: {
    doc: "When it could be known; never a feature.",
    takes: "nothing",
    fits: MOMENTS,
    role: "available",
  },
  ignored: { doc: "Read and kept, but never a feature.", takes: "nothing", fits: ANY, role: "ignored" },
  nullable: { doc: "May be missing.", takes: "nothing", fits: ANY },
  unique: { doc: "No value twice.", takes: "nothing", fits: ANY },
  redacted: { doc: "Masked in logs, errors and stored predictions.", takes: "nothing", fits: ANY },
  min: { doc: "The smallest value allowed.", takes: "number", fits: ["int", "float"] },
  max: { doc: "The largest value allowed.", takes: "number", fits: ["int", "float"] },
  positive: {
    doc: "The positive class of a binary label.",
    takes: "value",
    fits: ["boolean", "category", "string"],
  },
  one_of: {
    doc: 'The only values allowed: `one_of ["a", "b"]`.',
    takes: "values",
    fits: ["int", "float", "category", "string"],
  },
  matches: {
    doc: "A pattern that the whole value must match (RE2).",
    takes: "text",
    fits: ["category", "string", "text"],
  },
  format: { doc: "strptime format of dates and timestamps.", takes: "text", fits: MOMENTS },
};
