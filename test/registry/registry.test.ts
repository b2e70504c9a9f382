import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modelDigest } from "../../runtime/registry/manifest.ts";
import { openRegistry, type Registry } from "../../runtime/registry/registry.ts";
import type { Digest } from "../../runtime/store/types.ts";

let root: string;
let registry: Registry;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mlops-registry-"));
  let second = 0;
  registry = openRegistry(root, () => new Date(Date.UTC(2026, 0, 1, 0, 0, second++)));
});
afterEach(() => {
  registry.close();
  rmSync(root, { recursive: true });
});

const files = (content: string) => ({ "model.onnx": `sha256:${content.padEnd(64, "0")}` as Digest });
const version = (content: string, threshold: number | null = null) => ({
  name: "loans",
  files: files(content),
  threshold,
  metrics: { "scored.f1": 0.9 },
  by: "ada",
});

describe("versions", () => {
  it("are numbered from 1 and never change", () => {
    expect(registry.register(version("a")).version).toBe(1);
    expect(registry.register(version("b")).version).toBe(2);
    expect(registry.resolve("loans", 1)).toMatchObject({
      version: 1,
      files: files("a"),
      by: "ada",
      registered: "2026-01-01T00:00:00.000Z",
    });
    expect(registry.resolve("loans", 3)).toBeNull();
    expect(registry.resolve("other", 1)).toBeNull();
  });

  it("are the same for the same files and threshold, whatever the order of the files", () => {
    registry.register(version("a"));
    expect(registry.register(version("a")).version).toBe(1);
    expect(registry.register(version("a", 0.3)).version).toBe(2);
    expect(registry.register(version("a", 0.3)).version).toBe(2);
    const [one, two] = [files("a")["model.onnx"], files("b")["model.onnx"]];
    expect(modelDigest({ x: one, y: two })).toBe(modelDigest({ y: two, x: one }));
    expect(modelDigest({ x: one, y: two })).not.toBe(modelDigest({ x: two, y: one }));
  });
});

describe("aliases", () => {
  beforeEach(() => {
    for (const content of ["a", "b", "c"]) registry.register(version(content));
  });
  const holds = () => registry.resolve("loans", "champion")?.version ?? null;

  it("point where they were moved", () => {
    expect(holds()).toBeNull();
    expect(registry.promote("loans", 2, "champion", "ada")).toEqual({
      version: 2,
      previous: null,
      moved: true,
    });
    expect(registry.promote("loans", 3, "champion", "ada")).toEqual({ version: 3, previous: 2, moved: true });
    expect(registry.promote("loans", 3, "champion", "ada")).toEqual({
      version: 3,
      previous: 2,
      moved: false,
    });
    expect(registry.promote("loans", 1, "candidate", "ada").previous).toBeNull();
    expect(holds()).toBe(3);
    expect(registry.show("loans").aliases).toEqual({ candidate: 1, champion: 3 });
  });

  it("roll back to what they held before, again and again, and then refuse", () => {
    for (const number of [1, 2, 3]) registry.promote("loans", number, "champion", "ada");
    expect(registry.rollback("loans", "champion", "bob")).toEqual({ version: 2, previous: 3, moved: true });
    expect(registry.rollback("loans", "champion", "bob").version).toBe(1);
    expect(() => registry.rollback("loans", "champion", "bob")).toThrow(
      expect.objectContaining({ code: "ML6032" }),
    );
    expect(holds()).toBe(1);
    registry.promote("loans", 3, "champion", "ada");
    expect(registry.rollback("loans", "champion", "bob").version).toBe(1);
  });

  it("refuse what does not exist, and write nothing", () => {
    expect(() => registry.promote("laons", 1, "champion", "ada")).toThrow(
      expect.objectContaining({ code: "ML6030" }),
    );
    expect(() => registry.promote("loans", 9, "champion", "ada")).toThrow(
      expect.objectContaining({ code: "ML6031" }),
    );
    expect(() => registry.rollback("loans", "champion", "ada")).toThrow(
      expect.objectContaining({ code: "ML6032" }),
    );
    expect(registry.history()).toHaveLength(3);
  });

  it("name the champion that a candidate is compared with, looking past the candidate", () => {
    const digest = (content: string) => modelDigest(files(content));
    expect(registry.champion("loans", "champion", null)).toBeNull();
    registry.promote("loans", 1, "champion", "ada");
    expect(registry.champion("loans", "champion", digest("a"))).toBeNull();
    registry.promote("loans", 2, "champion", "ada");
    expect(registry.champion("loans", "champion", digest("b"))?.version).toBe(1);
    expect(registry.champion("loans", "champion", digest("c"))?.version).toBe(2);
    // What was rolled back is champion of nothing.
    registry.rollback("loans", "champion", "ada");
    expect(registry.champion("loans", "champion", digest("c"))?.version).toBe(1);
    expect(registry.champion("loans", "champion", digest("a"))).toBeNull();
  });
});

describe("the ledger", () => {
  const tamper = (sql: string) => {
    const database = new DatabaseSync(join(root, "mlops.db"));
    database.exec("DROP TRIGGER ledger_is_append_only_update; DROP TRIGGER ledger_is_append_only_delete;");
    database.exec(sql);
    database.close();
  };
  beforeEach(() => {
    registry.register(version("a"));
    registry.release(version("b"), "champion");
    registry.promote("loans", 1, "champion", "bob");
  });

  it("remembers who did what, in order", () => {
    expect(
      registry.history("loans").map(({ entry, action, version, by }) => [entry, action, version, by]),
    ).toEqual([
      [1, "register", 1, "ada"],
      [2, "register", 2, "ada"],
      [3, "release", 2, "ada"],
      [4, "promote", 1, "bob"],
    ]);
    expect(registry.verify()).toBeNull();
  });

  it("refuses changes", () => {
    const database = new DatabaseSync(join(root, "mlops.db"));
    expect(() => database.exec("UPDATE ledger SET content = '{}'")).toThrow("append-only");
    expect(() => database.exec("DELETE FROM ledger")).toThrow("append-only");
    database.close();
  });

  it("finds an entry that was changed", () => {
    tamper(`UPDATE ledger SET content = replace(content, '"by":"bob"', '"by":"ada"') WHERE entry = 4`);
    expect(registry.verify()).toMatchObject({ entry: 4 });
  });

  it("finds an entry that was changed together with its digest", () => {
    tamper(`UPDATE ledger SET content = content || ' ', digest = 'sha256:0' WHERE entry = 2`);
    expect(registry.verify()).toMatchObject({ entry: 2 });
  });

  it("finds a missing entry, in the middle and at the end", () => {
    tamper("DELETE FROM ledger WHERE entry = 4");
    expect(registry.verify()).toMatchObject({ entry: 4 });
    const database = new DatabaseSync(join(root, "mlops.db"));
    database.exec("DELETE FROM ledger WHERE entry = 2");
    database.close();
    expect(registry.verify()).toMatchObject({ entry: 2 });
  });
});

describe("many processes", () => {
  it("register and promote at once without losing or doubling anything", async () => {
    const worker = fileURLToPath(new URL("./register-many.ts", import.meta.url));
    const run = (who: string) =>
      new Promise<number | null>((resolve, reject) => {
        const child = spawn(process.execPath, [worker, root, who], {
          stdio: ["ignore", "ignore", "inherit"],
        });
        child.on("error", reject);
        child.on("exit", resolve);
      });
    expect(await Promise.all(["1", "2", "3"].map(run))).toEqual([0, 0, 0]);
    // Each registered ten of its own and ten that all share.
    const { versions } = registry.show("loans");
    expect(versions.map((one) => one.version)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(new Set(versions.map((one) => one.model)).size).toBe(40);
    expect(registry.verify()).toBeNull();
    const held = registry.history().filter((entry) => entry.action === "release");
    held.forEach((entry, i) => {
      expect("previous" in entry && entry.previous).toBe(held[i - 1]?.version ?? null);
    });
  });
});
