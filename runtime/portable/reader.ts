/** Values of a row expression: how each is read for the row at hand. */

export type Reader = NumberReader | StringReader;
export interface NumberReader {
  readonly type: "number";
  /** The value is a truth value: 1, 0 or NaN. */
  readonly boolean: boolean;
  /** NaN is null. */
  readonly read: () => number;
}
export interface StringReader {
  readonly type: "string";
  readonly read: () => string | null;
}

export const numbers = (read: () => number): NumberReader => ({ type: "number", boolean: false, read });
export const booleans = (read: () => number): NumberReader => ({ type: "number", boolean: true, read });
export const strings = (read: () => string | null): StringReader => ({ type: "string", read });

/** The literal null, which fits every type. */
export const NULL_READER: NumberReader = numbers(() => Number.NaN);
const NULL_STRING: StringReader = strings(() => null);

/** The reader of a number. */
export function numberOf(reader: Reader | undefined): () => number {
  if (reader?.type !== "number") throw new Error("text where a number belongs");
  return reader.read;
}

/** The reader of a string. */
export function stringOf(reader: Reader | undefined): () => string | null {
  if (reader === NULL_READER) return NULL_STRING.read;
  if (reader?.type !== "string") throw new Error("a number where text belongs");
  return reader.read;
}

/** Two readers in one type; null takes the other's. */
export function alike(left: Reader, right: Reader): [Reader, Reader] {
  if (left === NULL_READER && right.type === "string") return [NULL_STRING, right];
  if (right === NULL_READER && left.type === "string") return [left, NULL_STRING];
  if (left.type !== right.type) throw new Error("text beside a number");
  return [left, right];
}
