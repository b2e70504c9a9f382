/** What can be wrong with the store, each with the code of its diagnostic. */
import type { Digest } from "./types.ts";

/** An error of the store that has an entry in the diagnostics catalogue. */
export class StoreError extends Error {
  readonly code: string;
  readonly values: Readonly<Record<string, string>>;
  readonly details: readonly string[];
  constructor(
    code: string,
    message: string,
    values: Readonly<Record<string, string>>,
    details: readonly string[] = [],
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = "StoreError";
    this.code = code;
    this.values = values;
    this.details = details;
  }
}

/** An object's bytes are not those that its name promises. */
export class StoreCorruption extends StoreError {
  readonly digest: Digest;
  constructor(digest: Digest, origin: string, found: string, aside: string) {
    super("ML8001", `Object ${digest}, ${origin}, is damaged: its bytes are ${found}`, { digest, origin }, [
      `found ${found}`,
      `set aside as ${aside}`,
    ]);
    this.name = "StoreCorruption";
    this.digest = digest;
  }
}

/** An object that a step left is no longer there. */
export class StoreMissing extends StoreError {
  readonly digest: Digest;
  constructor(digest: Digest, origin: string) {
    super("ML8004", `Object ${digest}, ${origin}, is not in the store`, { digest, origin });
    this.name = "StoreMissing";
    this.digest = digest;
  }
}

function errnoOf(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : null;
}

/** SQLite's extended result code of an error of node:sqlite, reduced to the primary one; null for other errors. */
function sqliteCode(error: unknown): number | null {
  const code = error instanceof Error && "errcode" in error ? error.errcode : null;
  return typeof code === "number" ? code & 0xff : null;
}

const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/**
 * Turns an error of the machine (disk full, no permission, a locked or broken database) into the StoreError that
 * says what to do; null when it is none of them. `place` is the folder that was written to.
 */
export function machineError(error: unknown, place: string): StoreError | null {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const errno = errnoOf(error);
  const sqlite = sqliteCode(error);
  const wrap = (code: string, text: string) =>
    new StoreError(code, text, { place, reason: message }, [], error);
  if (
    errno === "ENOSPC" ||
    errno === "EDQUOT" ||
    sqlite === SQLITE_FULL ||
    /no space left on device/i.test(message)
  ) {
    return wrap("ML8002", `The disk that holds ${place} is full`);
  }
  if (errno === "EACCES" || errno === "EPERM" || errno === "EROFS" || sqlite === SQLITE_READONLY) {
    return wrap("ML8005", `${place} cannot be written: ${message}`);
  }
  if (sqlite === SQLITE_BUSY) return wrap("ML8006", `${place} is locked by another process`);
  if (sqlite === SQLITE_CORRUPT || sqlite === SQLITE_NOTADB)
    return wrap("ML8007", `The database in ${place} is damaged`);
  return null;
}
