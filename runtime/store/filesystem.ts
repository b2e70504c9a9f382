/** The few file operations that the store writes with, apart so that a test can make any of them fail. */
import { type FileHandle, open, rename } from "node:fs/promises";

export interface FileSystem {
  /** Creates a new file with these bytes and returns when they are on the disk. */
  writeWhole(file: string, bytes: Uint8Array): Promise<void>;
  /** Returns when the finished file's bytes are on the disk. */
  flush(file: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Makes the names in a folder durable. */
  flushFolder(folder: string): Promise<void>;
}

async function using<T>(opening: Promise<FileHandle>, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await opening;
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

export const disk: FileSystem = {
  writeWhole: (file, bytes) =>
    using(open(file, "wx", 0o644), async (handle) => {
      await handle.writeFile(bytes);
      await handle.sync();
    }),
  flush: (file) => using(open(file, "r+"), (handle) => handle.sync()),
  rename,
  flushFolder: async (folder) => {
    // Windows cannot open a folder; there the rename itself is durable.
    if (process.platform === "win32") return;
    await using(open(folder, "r"), (handle) => handle.sync());
  },
};
