/** The semantic hash: equal meanings, equal hashes. */
import { canonicalJson, type Json } from "./canonical.ts";
import { type Kinds, meaningOf } from "./meaning.ts";
import type { Declaration } from "./program.ts";

// Who only checks hashes nothing, and need not wait for what can.
export const sha256 = (text: string): string =>
  process.getBuiltinModule("node:crypto").createHash("sha256").update(text).digest("hex");

type Meant = Omit<Declaration, "hash">;

/**
 * The hash of each declaration by id. References count as the hash of what they refer to, so a change is seen by
 * everything downstream and a rename by nothing. The declarations must not need themselves.
 */
export function hashAll(declarations: readonly Meant[], kinds: Kinds): ReadonlyMap<string, string> {
  const byId = new Map(declarations.map((declaration) => [declaration.id, declaration]));
  const hashes = new Map<string, string>();
  const hashOf = (id: string): Json => {
    const known = hashes.get(id);
    if (known !== undefined) return known;
    const declaration = byId.get(id);
    if (declaration === undefined) throw new Error(`${id} is referred to and is not in the program`);
    const hash = sha256(canonicalJson(meaningOf(declaration, kinds, hashOf)));
    hashes.set(id, hash);
    return hash;
  };
  for (const { id } of declarations) hashOf(id);
  return hashes;
}

/** The hash of a whole program: that of its declarations, in any order. */
export const hashProgram = (hashes: Iterable<string>): string => sha256(canonicalJson([...hashes].sort()));
