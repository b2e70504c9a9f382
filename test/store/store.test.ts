import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreError } from "../../runtime/store/errors.ts";
import { disk } from "../../runtime/store/filesystem.ts";
import { type LocalStore, openStore } from "../../runtime/store/store.ts";
import type { Digest } from "../../runtime/store/types.ts";

let root: string;
let store: LocalStore;
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), "mlops-store-")), ".mlops");
  store = openStore(root);
});
afterEach(() => {
  store.close();
  rmSync(join(root, ".."), { recursive: true, force: true });
});

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing was thrown",
    (error) => (error instanceof StoreError ? error.code : `${error}`),
  );

/** Changes one bit of an object's file. */
function flip(digest: Digest): void {
  const file = store.path(digest);
  const bytes = readFileSync(file);
  bytes[0]! ^= 1;
  writeFileSync(file, bytes);
}

describe("put and read", () => {
  it("gives any bytes back, under the SHA-256 of what they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        const digest = await store.put(bytes);
        expect(new Uint8Array(await store.read(digest))).toEqual(bytes);
        expect(await store.put(bytes)).toBe(digest);
      }),
      { numRuns: 30 },
    );
  });

  it("knows the digest of the empty string and of abc (FIPS 180-2)", async () => {
    expect(await store.put("")).toBe(
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    expect(await store.put("abc")).toBe(
      "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });

  it("keeps the same bytes once, as objects/ab/cdef…", async () => {
    const digest = await store.put("abc");
    await store.put("abc");
    expect([...store.list()].map((object) => object.digest)).toEqual([digest]);
    expect(store.path(digest)).toBe(join(root, "objects", "ba", digest.slice("sha256:ba".length)));
  });

  it("moves a finished temporary file in", async () => {
    const file = store.temporary(".csv");
    writeFileSync(file, "abc");
    const digest = await store.putFile(file);
    expect(existsSync(file)).toBe(false);
    expect(await store.readText(digest)).toBe("abc");
    writeFileSync(file, "abc");
    expect(await store.putFile(file)).toBe(digest);
    expect(readdirSync(join(root, "tmp"))).toEqual([]);
  });

  it("reads JSON, and hands out a file's path", async () => {
    const digest = await store.put('{"a":[1]}');
    expect(await store.readJson(digest)).toEqual({ a: [1] });
    expect(readFileSync(await store.file(digest), "utf8")).toBe('{"a":[1]}');
  });
});

describe("a flipped bit", () => {
  it.each<[string, (digest: Digest) => Promise<unknown>]>([
    ["read", (digest) => store.read(digest)],
    ["file", (digest) => store.file(digest)],
  ])("is found by %s, named, and set aside", async (_, look) => {
    const digest = await store.put("precious");
    flip(digest);
    const error = await look(digest).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(StoreError);
    expect(String(error)).toContain(digest);
    expect((error as StoreError).code).toBe("ML8001");
    expect(store.has(digest)).toBe(false);
    expect(readdirSync(join(root, "damaged"))).toHaveLength(1);
    expect(await store.put("precious")).toBe(digest);
    expect(await store.readText(digest)).toBe("precious");
  });

  it("is found by check without reading objects that nobody touched", async () => {
    const digest = await store.put("precious");
    expect(store.check(digest)).toBe("whole");
    flip(digest);
    expect(store.check(digest)).toBe("damaged");
    expect(store.check(`sha256:${"0".repeat(64)}`)).toBe("missing");
  });

  it("is mended by writing the same bytes again", async () => {
    const digest = await store.put("precious");
    flip(digest);
    await store.put("precious");
    expect(store.check(digest)).toBe("whole");
  });
});

describe("a full disk", () => {
  const full = () =>
    Promise.reject(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }));
  it.each(["writeWhole", "flush", "rename", "flushFolder"] as const)(
    "at %s is ML8002 and leaves what was there",
    async (step) => {
      const before = await store.put("before");
      const failing = openStore(root, { ...disk, [step]: full });
      try {
        const file = failing.temporary();
        writeFileSync(file, "after");
        const putting = step === "flush" ? failing.putFile(file) : failing.put("after");
        expect(await codeOf(putting)).toBe("ML8002");
        rmSync(file, { force: true });
        expect(readdirSync(join(root, "tmp"))).toEqual([]);
        expect(await store.readText(before)).toBe("before");
      } finally {
        failing.close();
      }
      expect(await store.readText(await store.put("after"))).toBe("after");
    },
  );

  const mounted = () => {
    const folder = mkdtempSync(join(tmpdir(), "mlops-small-"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], { stdio: "ignore" });
      return folder;
    } catch {
      rmSync(folder, { recursive: true });
      return null;
    }
  };
  it("really, on a file system of 1 MB (where one may be mounted)", async ({ skip }) => {
    const folder = mounted();
    if (folder === null) return skip();
    try {
      const small = openStore(join(folder, ".mlops"));
      const before = await small.put(Buffer.alloc(100_000, 1));
      expect(await codeOf(small.put(Buffer.alloc(2_000_000, 2)))).toBe("ML8002");
      expect(await small.read(before)).toEqual(Buffer.alloc(100_000, 1));
      expect(await small.put(Buffer.alloc(50_000, 3))).toMatch(/^sha256:/);
      small.close();
    } finally {
      execFileSync("umount", [folder]);
      rmSync(folder, { recursive: true });
    }
  });
});

describe("what else can be wrong", () => {
  it("names an object that is gone", async () => {
    expect(await codeOf(store.read(`sha256:${"0".repeat(64)}`))).toBe("ML8004");
  });

  it("says that a database is none", () => {
    const other = join(root, "other");
    mkdirSync(other);
    writeFileSync(
      join(other, "mlops.db"),
      "this is no database, and long enough to look like a page of one".repeat(20),
    );
    expect(() => openStore(other)).toThrow(expect.objectContaining({ code: "ML8007" }));
  });
});
