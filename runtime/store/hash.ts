/** SHA-256 digests of bytes, files and JSON values. */
import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { canonicalJson, type Json } from "../../language/ir/canonical.ts";
import type { Digest } from "./types.ts";

export function digestBytes(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Streams the file; any size. */
export async function digestFile(file: string): Promise<Digest> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}

/** As `digestFile`, for callers that must answer at once. */
export function digestFileNow(file: string): Digest {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(1 << 20);
  const handle = openSync(file, "r");
  try {
    for (let read = readSync(handle, buffer); read > 0; read = readSync(handle, buffer)) {
      hash.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(handle);
  }
  return `sha256:${hash.digest("hex")}`;
}

export function digestJson(value: Json): Digest {
  return digestBytes(canonicalJson(value));
}
