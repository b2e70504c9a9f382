/** Columns that give the answer away are told from good ones, and from chance. */
import { describe, expect, it } from "vitest";
import type { Feature, Target } from "../../runtime/learn/frame.ts";
import { findProxies } from "../../runtime/learn/proxy.ts";
import { random } from "../../runtime/learn/random.ts";

const ROWS = 2000;
const stream = random(7);
const uniform = () => Float64Array.from({ length: ROWS }, () => stream.next());
const noise = uniform();
const classes = Float64Array.from(noise, (value) => (value > 0.8 ? 1 : 0));
const binary: Target = { task: "binary", values: classes, classes: ["no", "yes"] };
const numeric = (name: string, values: Float64Array): Feature => ({ kind: "numeric", name, values });
const category = (name: string, codes: Int32Array, levels: readonly string[]): Feature => ({
  kind: "category",
  name,
  codes,
  levels,
});
const found = (features: readonly Feature[], target = binary) =>
  findProxies({ rows: target.values.length, features }, target);

describe("of classes", () => {
  it("a number that a cut divides, either way round, with a few errors", () => {
    expect(found([numeric("score", noise), numeric("other", uniform())])).toEqual([
      { column: "score", tells: "100% of the training rows right" },
    ]);
    expect(
      found([
        numeric(
          "turned",
          noise.map((value) => -value),
        ),
      ]),
    ).toHaveLength(1);
    const nearly = noise.map((value, row) => (row % 400 === 0 ? 1 - value : value));
    expect(found([numeric("nearly", nearly)])).toHaveLength(1);
    expect(
      found([
        numeric(
          "useful",
          noise.map((value, row) => (row % 20 === 0 ? 1 - value : value)),
        ),
      ]),
    ).toEqual([]);
  });

  it("a number that is missing for one class", () => {
    const closed = noise.map((value, row) => (classes[row] === 1 ? Number.NaN : value));
    expect(found([numeric("closed", closed)])).toHaveLength(1);
  });

  it("a category or a code that names the class", () => {
    expect(found([category("copy", Int32Array.from(classes), ["n", "y"])])).toHaveLength(1);
    expect(
      found([
        numeric(
          "code",
          classes.map((value) => value * 7 + 3),
        ),
      ]),
    ).toHaveLength(1);
  });

  it("no category of which each row has its own value", () => {
    const own = Int32Array.from({ length: ROWS }, (_, row) => row);
    expect(found([category("id", own, [...own].map(String))])).toEqual([]);
  });

  it("nothing where a class is rare: always saying the other one is as right", () => {
    const rare: Target = {
      ...binary,
      values: Float64Array.from(noise, (_, row) => (row % 250 === 0 ? 1 : 0)),
    };
    expect(found([numeric("any", uniform())], rare)).toEqual([]);
  });

  it("nothing of few rows", () => {
    const few: Target = { ...binary, values: classes.slice(0, 40) };
    expect(found([numeric("score", noise.slice(0, 40))], few)).toEqual([]);
  });

  it("three at most", () => {
    expect(found(["a", "b", "c", "d"].map((name) => numeric(name, noise)))).toHaveLength(3);
  });
});

describe("of numbers", () => {
  const target: Target = { task: "regression", values: noise, classes: [] };
  it("the target on another scale, and no column that is only much like it", () => {
    expect(
      found(
        [
          numeric(
            "in_cents",
            noise.map((value) => value * 100 + 3),
          ),
        ],
        target,
      ),
    ).toEqual([{ column: "in_cents", tells: "100% of its variance" }]);
    const other = uniform();
    expect(
      found(
        [
          numeric(
            "like",
            noise.map((value, row) => value + other[row]! / 10),
          ),
        ],
        target,
      ),
    ).toEqual([]);
    expect(
      found(
        [
          numeric(
            "constant",
            noise.map(() => 4),
          ),
        ],
        target,
      ),
    ).toEqual([]);
  });
});
