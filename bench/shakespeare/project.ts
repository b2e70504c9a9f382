/** tiny-shakespeare beside the spec, in a folder of its own. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const BOOK = fileURLToPath(new URL("../../../shared/data/tinyshakespeare.txt", import.meta.url));
export const hasBook = (): boolean => existsSync(BOOK);

export function shakespeareProject(): { readonly spec: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "mlops-shakespeare-"));
  copyFileSync(BOOK, join(folder, "book.txt"));
  const spec = join(folder, "shakespeare.mlops");
  copyFileSync(fileURLToPath(new URL("shakespeare.mlops", import.meta.url)), spec);
  return { spec, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A longer training of the same network, which must beat the 5-gram model. */
export const LONGER = ["--set", "steps=6000", "--set", "rate=0.002"];
