/** Digests of files outside the store, remembered by path, size, time and inode. */
import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { digestFile } from "./hash.ts";

const SCHEMA = `CREATE TABLE IF NOT EXISTS files (
  path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns TEXT NOT NULL, inode TEXT NOT NULL,
  digest TEXT NOT NULL, looked INTEGER NOT NULL
) WITHOUT ROWID`;

/**
 * A file changed this shortly before it was read may change again without a new time stamp (coarse clocks of some
 * file systems: 2 s on FAT), so its digest is not trusted the next time. Milliseconds.
 */
const SETTLING = 2_000;

export class FileDigests {
  readonly #find;
  readonly #keep;

  constructor(database: DatabaseSync) {
    database.exec(SCHEMA);
    this.#find = database.prepare("SELECT size, mtime_ns, inode, digest, looked FROM files WHERE path = ?");
    this.#keep = database.prepare(
      "INSERT OR REPLACE INTO files (path, size, mtime_ns, inode, digest, looked) VALUES (?, ?, ?, ?, ?, ?)",
    );
  }

  /** `sha256:…` of the file's bytes; `missing` when there is no such file, `folder` for a folder. */
  async digest(path: string): Promise<string> {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return "missing";
    if (stat.isDirectory()) return "folder";
    const row = this.#find.get(path);
    const settled = row !== undefined && Number(row["looked"]) - Number(stat.mtimeNs / 1_000_000n) > SETTLING;
    if (
      settled &&
      BigInt(Number(row["size"])) === stat.size &&
      row["mtime_ns"] === String(stat.mtimeNs) &&
      row["inode"] === String(stat.ino)
    ) {
      return String(row["digest"]);
    }
    const looked = Date.now();
    const digest = await digestFile(path);
    this.#keep.run(path, stat.size, String(stat.mtimeNs), String(stat.ino), digest, looked);
    return digest;
  }
}
