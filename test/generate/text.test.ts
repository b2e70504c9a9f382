/** Stop strings across pieces, the context's window, and sessions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitWindow, PrefixTooLong } from "../../runtime/generate/context-window.ts";
import { Sessions } from "../../runtime/generate/sessions.ts";
import { StopFilter } from "../../runtime/generate/stop.ts";

function filtered(pieces: readonly string[], stops: readonly string[]) {
  const filter = new StopFilter(stops);
  const shown: string[] = [];
  for (const piece of pieces) {
    const { text, stopped } = filter.push(piece);
    shown.push(text);
    if (stopped) return { shown, stopped: true };
  }
  shown.push(filter.end());
  return { shown, stopped: false };
}

describe("stop strings", () => {
  it("are found across pieces, and held back only while they may still come", () => {
    expect(filtered(["ab", "\n", "\nc"], ["\n\n"])).toEqual({ shown: ["ab", "", ""], stopped: true });
    expect(filtered(["ab", "\n", "c"], ["\n\n"])).toEqual({ shown: ["ab", "", "\nc", ""], stopped: false });
    expect(filtered(["a###b"], ["##"])).toEqual({ shown: ["a"], stopped: true });
    // An end that several could begin with: the longest is held.
    expect(filtered(["xaab"], ["aabc", "bd"]).shown).toEqual(["x", "aab"]);
  });

  it("give the text before the first of them, however it is cut", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 12 });
    const stops = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 3 }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 6 }), stops, (pieces, wanted) => {
        const text = pieces.join("");
        const found = wanted.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
        const { shown, stopped } = filtered(pieces, wanted);
        // A piece of its own may end later than another stop string within it begins.
        const expected = found.length === 0 ? text : text.slice(0, Math.min(...found));
        expect(stopped).toBe(found.length > 0);
        expect(shown.join("").startsWith(expected) || expected.startsWith(shown.join(""))).toBe(true);
        if (found.length === 0) expect(shown.join("")).toBe(text);
        else for (const stop of wanted) expect(shown.join("")).not.toContain(stop);
      }),
      { seed: 1 },
    );
  });
});

describe("the context's window", () => {
  const ids = (...values: number[]) => Int32Array.from(values);

  it("keeps the prefix and the end of the rest", () => {
    expect(fitWindow({ prefix: ids(1, 2), rest: ids(3, 4, 5) }, 5)).toEqual({
      ids: ids(1, 2, 3, 4, 5),
      dropped: 0,
    });
    expect(fitWindow({ prefix: ids(1, 2), rest: ids(3, 4, 5) }, 4)).toEqual({
      ids: ids(1, 2, 4, 5),
      dropped: 1,
    });
    expect(fitWindow({ prefix: ids(), rest: ids(3, 4, 5) }, 1)).toEqual({ ids: ids(5), dropped: 2 });
    expect(() => fitWindow({ prefix: ids(1, 2), rest: ids(3) }, 2)).toThrow(PrefixTooLong);
  });

  it("what is past it has no effect", () => {
    const end = ids(7, 8, 9);
    const one = fitWindow({ prefix: ids(1), rest: Int32Array.from([...[4, 4, 4, 4], ...end]) }, 4);
    const other = fitWindow({ prefix: ids(1), rest: Int32Array.from([...[6, 5], ...end]) }, 4);
    expect(one.ids).toEqual(other.ids);
  });
});

describe("sessions", () => {
  const made = (count: number, age: number) => {
    const clock = { now: 0 };
    return { clock, sessions: new Sessions<string>({ count, age }, () => clock.now) };
  };

  it("belong to their owner: one name of two owners is two sessions", () => {
    const { sessions } = made(9, 60);
    sessions.write("alice", "s", ["hello"]);
    expect(sessions.read("alice", "s")).toEqual(["hello"]);
    expect(sessions.read("bob", "s")).toEqual([]);
    sessions.write("bob", "s", ["other"]);
    expect(sessions.read("alice", "s")).toEqual(["hello"]);
    // No two pairs join to one name.
    expect(sessions.read("alic", "es")).toEqual([]);
    expect(sessions.delete("bob", "s")).toBe(true);
    expect(sessions.read("bob", "s")).toEqual([]);
  });

  it("are few: the one unused for longest goes", () => {
    const { sessions } = made(2, 60);
    sessions.write("o", "1", ["a"]);
    sessions.write("o", "2", ["b"]);
    sessions.write("o", "1", ["a", "again"]);
    sessions.write("o", "3", ["c"]);
    expect(["1", "2", "3"].map((id) => sessions.read("o", id).length)).toEqual([2, 0, 1]);
    expect(sessions.size).toBe(2);
  });

  it("are forgotten when old", () => {
    const { clock, sessions } = made(9, 60);
    sessions.write("o", "1", ["a"]);
    clock.now = 59_999;
    expect(sessions.read("o", "1")).toEqual(["a"]);
    clock.now = 60_000;
    expect(sessions.read("o", "1")).toEqual([]);
    expect(sessions.size).toBe(0);
  });
});
