/** The content-addressed store under `.mlops/`: what is written is whole, what is read is checked. */

/** `sha256:` and 64 hex digits. */
export type Digest = `sha256:${string}`;

export interface Store {
  /** Absolute path of the `.mlops` folder. */
  readonly root: string;
  /** Writes bytes (temporary file, fsync, rename); the same bytes give the same digest and are stored once. */
  put(bytes: Uint8Array | string): Promise<Digest>;
  /** Moves a finished file of `temporary()` into the store. */
  putFile(file: string): Promise<Digest>;
  /** A fresh path on the store's file system, for programs that write files themselves (DuckDB). */
  temporary(suffix?: string): string;
  /** The bytes, digest checked; a mismatch throws `StoreCorruption` naming the object. */
  read(digest: Digest): Promise<Buffer>;
  readText(digest: Digest): Promise<string>;
  readJson<T>(digest: Digest): Promise<T>;
  /** Path of the object's file after its digest was checked (once per process); readers must not change it. */
  file(digest: Digest): Promise<string>;
  has(digest: Digest): boolean;
}
