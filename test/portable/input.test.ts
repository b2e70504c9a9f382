import { describe, expect, it } from "vitest";
import { parseSeconds, writeSeconds } from "../../runtime/portable/dates.ts";
import { numberReader, stringReader } from "../../runtime/portable/input.ts";
import { compileTfidf } from "../../runtime/portable/tfidf.ts";
import { input } from "./rows.ts";

describe("a caller's value", () => {
  const read = (type: Parameters<typeof input>[1], value: unknown) => numberReader(input("x", type))(value);

  it("is a number, true or false, or a date", () => {
    expect(read("float", 1.5)).toBe(1.5);
    expect(read("int", 3)).toBe(3);
    expect(read("boolean", true)).toBe(1);
    expect(read("boolean", false)).toBe(0);
    expect(read("date", "1970-01-02")).toBe(86_400);
    expect(read("timestamp", "1970-01-01T01:00:00+01:00")).toBe(0);
  });

  it("is missing when absent, null or empty", () => {
    for (const missing of [undefined, null, "", Number.NaN]) expect(read("float", missing)).toBeNaN();
    for (const missing of [undefined, null, ""])
      expect(stringReader(input("x", "category"))(missing)).toBeNull();
  });

  it("is refused when it is of another type, saying what was expected", () => {
    expect(() => read("float", "12")).toThrow('x must be a number, not "12"');
    expect(() => read("int", 1.5)).toThrow("x must be a whole number, not 1.5");
    expect(() => read("float", Number.POSITIVE_INFINITY)).toThrow("x must be a number");
    expect(() => read("date", "31.12.2020")).toThrow('x must be a date written ISO 8601, not "31.12.2020"');
    expect(() => read("boolean", "maybe")).toThrow("x must be true or false");
    expect(() => stringReader(input("x", "category"))("a\0b")).toThrow("without NUL");
    expect(() => stringReader(input("x", "text"))(5)).toThrow("a text");
  });

  it("may be a category written as a number", () => {
    expect(stringReader(input("x", "category"))(1)).toBe("1");
  });
});

describe("dates", () => {
  const day = 86_400;

  it("follow ISO 8601, without a zone in UTC", () => {
    expect(parseSeconds("2000-03-01", "ISO 8601")).toBe(951_868_800);
    expect(parseSeconds("2000-03-01 12:30", "ISO 8601")).toBe(951_868_800 + 12.5 * 3600);
    expect(parseSeconds("2000-03-01T00:00:00.25Z", "ISO 8601")).toBe(951_868_800.25);
    expect(parseSeconds("2000-03-01T00:00:00-02:30", "ISO 8601")).toBe(951_868_800 + 2.5 * 3600);
  });

  it("follow a strptime format", () => {
    expect(parseSeconds("02/01/1970", "%d/%m/%Y")).toBe(day);
    expect(parseSeconds("Jan 02 70 01:30 PM", "%b %d %y %I:%M %p")).toBe(day + 13.5 * 3600);
    expect(parseSeconds("1970-033", "%Y-%j")).toBe(32 * day);
    expect(parseSeconds("1%70", "%m%%%y")).toBe(0);
  });

  it("do not exist on days that do not", () => {
    for (const wrong of ["2001-02-29", "2000-13-01", "2000-04-31", "2000-01-01T24:00", "2000-01-01x", ""]) {
      expect(parseSeconds(wrong, "ISO 8601"), wrong).toBeNull();
    }
    expect(parseSeconds("31/04/2000", "%d/%m/%Y")).toBeNull();
    expect(parseSeconds("1/1/2000 ", "%m/%d/%Y x")).toBeNull();
    expect(parseSeconds("2001-366", "%Y-%j")).toBeNull();
  });

  it.each([null, "%d.%m.%Y %H:%M:%S", "%B %d, %Y %I:%M:%S %p", "%Y%j%H%M%S"])(
    "written in %s are read back",
    (format) => {
      const column = input("when", "timestamp", { format });
      for (const seconds of [
        0,
        ...(format === null ? [951_868_800.123456, -0.5, 1_735_689_599.999999] : []),
        951_868_800,
        1_735_689_599,
        4_102_444_800,
      ]) {
        expect(parseSeconds(writeSeconds(seconds, column), format ?? "ISO 8601")).toBe(seconds);
      }
    },
  );
});

describe("tf-idf", () => {
  const step = {
    op: "tfidf",
    column: "t",
    output: "t",
    terms: ["good", "bad", "good bad"],
    idf: [1, 2, 3],
    ngrams: 2,
    sublinear: false,
  } as const;

  it("counts words and pairs, weighs them and makes the row's length 1", () => {
    const length = Math.hypot(2 * 1, 1 * 2, 1 * 3);
    expect(compileTfidf(step)("Good, BAD! x good?")).toEqual({
      indices: [0, 1, 2],
      values: [2 / length, 2 / length, 3 / length],
    });
  });

  it("is empty for missing texts and unknown words", () => {
    expect(compileTfidf(step)(null)).toEqual({ indices: [], values: [] });
    expect(compileTfidf(step)("nothing known")).toEqual({ indices: [], values: [] });
  });
});
