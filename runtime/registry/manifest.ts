/** The manifest of a model: its files by name, so that one digest stands for all of them. */
import { createHash } from "node:crypto";
import type { Digest } from "../store/types.ts";

/** Canonical JSON of the files' digests, names sorted. */
export function manifestOf(files: Readonly<Record<string, Digest>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** The digest under which a store holds the manifest; equal files give equal digests. */
export function modelDigest(files: Readonly<Record<string, Digest>>): Digest {
  return `sha256:${createHash("sha256").update(manifestOf(files)).digest("hex")}`;
}
