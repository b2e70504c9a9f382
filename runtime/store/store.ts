/** The content-addressed store: `objects/ab/cdef…`, whole when written, checked when read. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { copyFile, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { openDatabase } from "./database.ts";
import { machineError, StoreCorruption, StoreMissing } from "./errors.ts";
import { disk, type FileSystem } from "./filesystem.ts";
import { digestBytes, digestFile, digestFileNow } from "./hash.ts";
import { isAlive } from "./process.ts";
import { originOf } from "./records.ts";
import type { Digest, Store } from "./types.ts";

/** The store of a project on this machine, with what the planner, the runner and `gc` need beyond `Store`. */
export interface LocalStore extends Store {
  /** The connection that everything under this root shares. */
  readonly database: DatabaseSync;
  /** Where an object's file is, or would be. */
  path(digest: Digest): string;
  /** Checks an object without reading it when its size and time are as they were when it was written. */
  check(digest: Digest): "whole" | "missing" | "damaged";
  /** Moves a damaged object out of the way, so that the step that made it is carried out anew. */
  setAside(digest: Digest): string;
  /** Every object in the store. */
  list(): Generator<{ readonly digest: Digest; readonly file: string }>;
  close(): void;
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS objects (
  digest TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns TEXT NOT NULL
) WITHOUT ROWID`;

/**
 * Opens the store under `root` (absolute path of a `.mlops` folder), creating it when it is not there.
 * Its methods throw `StoreError`s: a damaged or missing object, a full disk, a folder that cannot be written.
 */
export function openStore(root: string, files: FileSystem = disk): LocalStore {
  return guarded(root, () => new DiskStore(root, files));
}

function guarded<T>(root: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw machineError(error, root) ?? error;
  }
}

class DiskStore implements LocalStore {
  readonly root: string;
  readonly database: DatabaseSync;
  readonly #files: FileSystem;
  readonly #known: StatementSync;
  /** Objects whose bytes this process has checked. */
  readonly #checked = new Set<Digest>();

  constructor(root: string, files: FileSystem) {
    this.root = root;
    this.#files = files;
    mkdirSync(join(root, "objects"), { recursive: true });
    mkdirSync(join(root, "tmp"), { recursive: true });
    this.database = openDatabase(root);
    this.database.exec(SCHEMA);
    this.#known = this.database.prepare("SELECT size, mtime_ns FROM objects WHERE digest = ?");
  }

  path(digest: Digest): string {
    const hex = digest.slice("sha256:".length);
    return join(this.root, "objects", hex.slice(0, 2), hex.slice(2));
  }

  temporary(suffix = ""): string {
    return join(this.root, "tmp", `${process.pid}-${randomBytes(8).toString("hex")}${suffix}`);
  }

  has(digest: Digest): boolean {
    return existsSync(this.path(digest));
  }

  async put(bytes: Uint8Array | string): Promise<Digest> {
    const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    const digest = digestBytes(buffer);
    if (this.#keep(digest)) return digest;
    return this.#adopt(digest, this.temporary(), (file) => this.#files.writeWhole(file, buffer));
  }

  async putFile(file: string): Promise<Digest> {
    const digest = await digestFile(file);
    if (this.#keep(digest)) {
      await rm(file);
      return digest;
    }
    return this.#adopt(digest, file, () => this.#files.flush(file));
  }

  /** True when the object is there already; its time is renewed, so that `gc` in another process leaves it. */
  #keep(digest: Digest): boolean {
    if (this.check(digest) !== "whole") return false;
    try {
      const now = new Date();
      utimesSync(this.path(digest), now, now);
    } catch {
      return false; // Removed between the two calls: write it again.
    }
    this.#remember(digest);
    return true;
  }

  async #adopt(digest: Digest, file: string, write: (file: string) => Promise<void>): Promise<Digest> {
    const target = this.path(digest);
    const folder = dirname(target);
    try {
      mkdirSync(folder, { recursive: true });
      await write(file);
      await this.#files.rename(file, target).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== "EXDEV") throw error;
        const near = this.temporary();
        await copyFile(file, near);
        await this.#files.flush(near);
        await this.#files.rename(near, target);
        await rm(file);
      });
      await this.#files.flushFolder(folder);
      this.#remember(digest);
    } catch (error) {
      await rm(file, { force: true });
      throw machineError(error, this.root) ?? error;
    }
    return digest;
  }

  /** Notes size and time of a whole object, so that `check` need not read it. */
  #remember(digest: Digest): void {
    const stat = statSync(this.path(digest), { bigint: true });
    this.database
      .prepare("INSERT OR REPLACE INTO objects (digest, size, mtime_ns) VALUES (?, ?, ?)")
      .run(digest, stat.size, String(stat.mtimeNs));
  }

  check(digest: Digest): "whole" | "missing" | "damaged" {
    const file = this.path(digest);
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return "missing";
    const row = this.#known.get(digest);
    if (
      row !== undefined &&
      BigInt(Number(row["size"])) === stat.size &&
      row["mtime_ns"] === String(stat.mtimeNs)
    ) {
      return "whole";
    }
    if (digestFileNow(file) !== digest) return "damaged";
    this.#remember(digest);
    return "whole";
  }

  setAside(digest: Digest): string {
    const aside = join(this.root, "damaged", `${digest.slice("sha256:".length)}-${Date.now()}`);
    mkdirSync(dirname(aside), { recursive: true });
    try {
      renameSync(this.path(digest), aside);
    } catch (error) {
      // Another process may have moved it first.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    this.database.prepare("DELETE FROM objects WHERE digest = ?").run(digest);
    this.#checked.delete(digest);
    return aside;
  }

  #damaged(digest: Digest, found: Digest): StoreCorruption {
    return new StoreCorruption(digest, originOf(this.database, digest), found, this.setAside(digest));
  }

  #missing(error: unknown, digest: Digest): unknown {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") return machineError(error, this.root) ?? error;
    return new StoreMissing(digest, originOf(this.database, digest));
  }

  async read(digest: Digest): Promise<Buffer> {
    const bytes = await readFile(this.path(digest)).catch((error) => {
      throw this.#missing(error, digest);
    });
    const found = digestBytes(bytes);
    if (found !== digest) throw this.#damaged(digest, found);
    return bytes;
  }

  async readText(digest: Digest): Promise<string> {
    return (await this.read(digest)).toString("utf8");
  }

  async readJson<T>(digest: Digest): Promise<T> {
    // The digest says that these are the bytes which a step wrote as T.
    return JSON.parse(await this.readText(digest)) as T;
  }

  async file(digest: Digest): Promise<string> {
    const file = this.path(digest);
    if (this.#checked.has(digest) && this.has(digest)) return file;
    const found = await digestFile(file).catch((error) => {
      throw this.#missing(error, digest);
    });
    if (found !== digest) throw this.#damaged(digest, found);
    this.#checked.add(digest);
    return file;
  }

  *list(): Generator<{ digest: Digest; file: string }> {
    const objects = join(this.root, "objects");
    for (const prefix of readdirSync(objects).sort()) {
      for (const rest of readdirSync(join(objects, prefix)).sort()) {
        yield { digest: `sha256:${prefix}${rest}`, file: join(objects, prefix, rest) };
      }
    }
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }
}

/** Removes what killed processes left in `tmp/`; files there begin with the process id of their writer. */
export function sweepTemporary(store: Store): number {
  let swept = 0;
  for (const name of readdirSync(join(store.root, "tmp"))) {
    const pid = Number.parseInt(name, 10);
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    rmSync(join(store.root, "tmp", name), { recursive: true, force: true });
    swept += 1;
  }
  return swept;
}
