/** A comparison sees meaning and nothing else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changed, PIPELINE, programOf } from "../check/spec.ts";
import { changeLines, diffOf, outline } from "./support.ts";

const pieces = PIPELINE.trim().split("\n\n");
const NAMES = ["loans", "applicant", "scorer", "scored", "ready", "loan_approval", "api", "rounds"] as const;
/** Lines whose order means nothing, as they stand in the text. */
const UNORDERED: readonly string[] = [
  "    id: string key\n    income: float min 0\n    amount: float nullable",
  '  expect rows >= 500\n  expect nulls(amount) <= 5% "too many gaps"',
  "    burden = amount / income\n    heavy = if burden > 0.5 then 1 else 0",
  "  data = applicant.train\n  tune = applicant.validation\n  target = approved\n  trees = rounds\n  depth = 4",
  "  require scored.f1 >= 0.80\n  require scored.accuracy > baseline(majority).accuracy",
];

/** The pipeline under other names, in another order, laid out and commented otherwise. */
const rewritten = fc
  .record({
    names: fc.shuffledSubarray(["ab", "cd", "ef", "gh", "ij", "kl", "mn", "op"], { minLength: 8 }),
    renamed: fc.subarray([...NAMES]),
    order: fc.shuffledSubarray(pieces.slice(1), { minLength: pieces.length - 1 }),
    turned: fc.subarray([...UNORDERED]),
    wide: fc.boolean(),
    commented: fc.boolean(),
  })
  .map(({ names, renamed, order, turned, wide, commented }) => {
    let text = [pieces[0], ...order].join("\n\n");
    for (const lines of turned) text = text.replace(lines, () => lines.split("\n").reverse().join("\n"));
    for (const [index, name] of renamed.entries()) {
      // The names outside are written in quotes and stay; so does the file's.
      text = text.replace(new RegExp(`(?<!["-])\\b${name}\\b(?!["-.]csv|")`, "g"), names[index]!);
    }
    if (wide) text = text.replaceAll(" = ", "   =  ").replaceAll("  ", "\t");
    if (commented)
      text = text
        .replaceAll("\n\n", "\n\n/// Another doc.\n// A comment.\n")
        .replace("mlops 1", "// first\nmlops 1");
    return { text, renamed: renamed.filter((name) => name !== "rounds").length };
  });

describe("other names, order, layout and comments", () => {
  it("are no change in meaning: nothing runs again, and the renames are told", () => {
    fc.assert(
      fc.property(rewritten, ({ text, renamed }) => {
        // A deployment without a name of its own is called by the declaration's; these have one.
        const diff = diffOf(PIPELINE, text);
        expect(diff.same).toBe(true);
        expect(diff.reruns).toEqual([]);
        expect(diff.reached).toEqual([]);
        expect(diff.notes.filter(({ topic }) => topic !== "param")).toEqual([]);
        expect(diff.declarations.map(({ status }) => status)).toEqual(Array(renamed).fill("renamed"));
      }),
      { numRuns: 50 },
    );
  });
});

/** Edits of one place each, with the change that they are. */
const EDITS: readonly (readonly [from: string, to: string, change: string])[] = [
  ['path = "loans.csv"', 'path = "other.csv"', 'dataset.loans path: "loans.csv" → "other.csv"'],
  [
    "income: float min 0",
    "income: float min 1",
    "dataset.loans schema.income: float min 0 → float min 1 (tighter)",
  ],
  ["asked: date", "asked: date nullable", "dataset.loans schema.asked: date → date nullable (looser)"],
  [
    '["north", "south"]',
    '["north", "south", "west"]',
    'dataset.loans schema.area: category one_of ["north", "south"] → category one_of ["north", "south", "west"] (looser)',
  ],
  [
    '"too many gaps"',
    '"gaps"',
    'dataset.loans expect: nulls(amount) <= 0.05 "too many gaps" → nulls(amount) <= 0.05 "gaps" (same)',
  ],
  ["rows >= 500", "rows >= 501", "dataset.loans expect: rows >= 500 → rows >= 501 (tighter)"],
  [
    "validation = 15%, test = 15%",
    "validation = 10%, test = 20%",
    "dataset.loans split.validation: 15% → 10%\ndataset.loans split.test: 15% → 20%",
  ],
  [
    "train = 70%, validation = 15%",
    "validation = 15%, train = 70%",
    "dataset.loans split order: train, validation, test → validation, train, test",
  ],
  ["stratify = approved", "stratify = area", "dataset.loans split.stratify: approved → area"],
  ["amount = median", "amount = 0", "features.applicant impute.amount: median → 0"],
  [
    "min_count = 5",
    "min_count = 6",
    "features.applicant encode.area: one_hot(min_count = 5) → one_hot(min_count = 6)",
  ],
  [
    "burden = amount / income",
    "burden = amount / (income + 1)",
    "features.applicant derive.burden: amount / income → amount / (income + 1)",
  ],
  [
    "tune = applicant.validation",
    "tune = applicant.train",
    "model.scorer tune: applicant.validation → applicant.train",
  ],
  ["depth = 4", "depth = 4\n  rate = 0.2", "model.scorer rate: 0.1 → 0.2"],
  ["  token = TOKEN", "  token = TOKEN\n  drain = 5m", "deployment.api drain: 10s → 5m"],
  ["  token = TOKEN", "  token = TOKEN\n  body_limit = 64KiB", "deployment.api body_limit: 1MB → 64KiB"],
  [
    "scored.auc >= champion.auc - 1%",
    "scored.auc >= champion.auc - 2%",
    "gate.ready require: scored.auc >= champion.auc - 0.01 with confidence(95%) as optional → scored.auc >= champion.auc - 0.02 with confidence(95%) as optional (looser)",
  ],
  [
    " as optional",
    "",
    "gate.ready require: scored.auc >= champion.auc - 0.01 with confidence(95%) as optional → scored.auc >= champion.auc - 0.01 with confidence(95%) (tighter)",
  ],
  [
    "confidence(95%)",
    "confidence(90%)",
    "gate.ready require: scored.auc >= champion.auc - 0.01 with confidence(95%) as optional → scored.auc >= champion.auc - 0.01 with confidence(90%) as optional (looser)",
  ],
];

describe("a change", () => {
  it.each(EDITS)("of `%s` to `%s` is told as it is written", (from, to, line) => {
    expect(changeLines(diffOf(PIPELINE, changed(from, to))).join("\n")).toBe(line);
  });

  it("told backwards swaps its sides", () => {
    for (const [from, to] of EDITS) {
      const text = changed(from, to);
      const swap = (line: string) => {
        const [head, rest = ""] = [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)];
        const way = / \((looser|tighter)\)$/.exec(rest)?.[1];
        const [before, after] = rest.replace(/ \((looser|tighter)\)$/, "").split(" → ");
        return `${head}: ${after} → ${before}${way === undefined ? "" : way === "looser" ? " (tighter)" : " (looser)"}`;
      };
      const there = changeLines(diffOf(PIPELINE, text)).map(swap).sort();
      const back = changeLines(diffOf(text, PIPELINE)).sort();
      if (there.every((line) => !line.includes("(same)"))) expect(back).toEqual(there);
    }
  });

  it("is found wherever the meaning of a declaration by itself differs, and only there", () => {
    const edits = fc.subarray(
      EDITS.filter(([from], index) => EDITS.findIndex(([other]) => other === from) === index),
    );
    fc.assert(
      fc.property(edits, (chosen) => {
        let text = PIPELINE;
        for (const [from, to] of chosen)
          if (text.split(from).length === 2) text = text.replace(from, () => to);
        const diff = diffOf(PIPELINE, text);
        const [old, now] = [programOf(PIPELINE), programOf(text)];
        const hash = (program: typeof old, id: string) =>
          program.declarations.find((one) => one.id === id)?.hash;
        expect(diff.reruns.map(({ id }) => id).sort()).toEqual(
          now.declarations
            .map(({ id }) => id)
            .filter((id) => hash(old, id) !== hash(now, id))
            .sort(),
        );
        // What differs and has nothing different above it differs by itself.
        for (const { id, own, because } of diff.reruns)
          if (because.length === 0) expect([id, own]).toEqual([id, true]);
        expect(diff.same).toBe(text === PIPELINE);
      }),
      { numRuns: 50 },
    );
  });

  it("of a list without an order is told by its members", () => {
    const text = changed("[accuracy, f1, auc, recall(top = 10%)]", "[recall(top = 20%), f1, accuracy, auc]");
    const [change] = diffOf(PIPELINE, text).declarations[0]!.changes;
    expect(change).toMatchObject({
      path: "metrics",
      added: ["recall(top = 20%)"],
      removed: ["recall(top = 10%)"],
    });
  });

  it("shows a default as one", () => {
    const [change] = diffOf(PIPELINE, changed("depth = 4", "depth = 4\n  rate = 0.2")).declarations[0]!
      .changes;
    expect(change).toMatchObject({ path: "rate", defaulted: "before" });
    const written = changed("depth = 4", "depth = 4\n  rate = 0.1");
    const same = changed("depth = 4", "depth = 4\n  rate = 0.2");
    expect(diffOf(written, same).declarations[0]!.changes[0]).toMatchObject({ defaulted: null });
  });

  it("points at its line", () => {
    const [gate] = diffOf(PIPELINE, changed("scored.f1 >= 0.80", "scored.f1 >= 0.81")).declarations;
    const line = PIPELINE.slice(0, PIPELINE.indexOf("require scored.f1 >= 0.80")).split("\n").length;
    expect(gate?.changes[0]?.place?.line).toBe(line);
  });
});

describe("which declaration is which", () => {
  const gate = (name: string, least: string) => `gate ${name} {\n  require scored.f1 >= ${least}\n}\n`;
  const two = (a: string, b: string) => `${PIPELINE}\n${a}\n${b}`;

  it("two that changed names with each other are two renames", () => {
    const diff = diffOf(
      two(gate("low", "0.5"), gate("high", "0.9")),
      two(gate("low", "0.9"), gate("high", "0.5")),
    );
    expect(outline(diff).sort()).toEqual(["→ gate.high was gate.low", "→ gate.low was gate.high"]);
    expect(diff.same).toBe(true);
  });

  it("names that moved on along a chain are renames", () => {
    const diff = diffOf(two(gate("a", "0.5"), gate("b", "0.9")), two(gate("b", "0.5"), gate("c", "0.9")));
    expect(outline(diff).sort()).toEqual(["→ gate.b was gate.a", "→ gate.c was gate.b"]);
  });

  it("a copy beside a changed original is a new one", () => {
    const diff = diffOf(`${PIPELINE}\n${gate("a", "0.5")}`, two(gate("a", "0.6"), gate("b", "0.5")));
    expect(outline(diff)).toEqual(["~ gate.a", "+ gate.b"]);
  });

  it("renamed and changed is told as both where enough is alike", () => {
    const text = changed("depth = 4", "depth = 5").replace(/\bscorer\b/g, "judge");
    expect(outline(diffOf(PIPELINE, text))).toEqual(["~ model.judge was model.scorer"]);
  });

  it("renamed below something that changed is still a rename", () => {
    const text = changed("rows >= 500", "rows >= 600").replace(/\bscorer\b/g, "judge");
    const diff = diffOf(PIPELINE, text);
    expect(outline(diff)).toEqual(["~ dataset.loans", "→ model.judge was model.scorer"]);
    expect(diff.reruns.find(({ id }) => id === "model.judge")).toEqual({
      id: "model.judge",
      own: false,
      because: ["features.applicant"],
    });
  });

  it("two that share little are one gone and one new", () => {
    const text = `${PIPELINE}\nmodel plain: logistic_regression {\n  data = loans.train\n}\n`;
    const other = `${PIPELINE}\nmodel forest: random_forest {\n  data = applicant.train\n  trees = 7\n  columns = 40%\n}\n`;
    expect(outline(diffOf(text, other))).toEqual(["+ model.forest", "- model.plain"]);
  });

  it("what keeps its name outside is the same, whatever else changed", () => {
    const text = changed("deployment api {", "deployment front {").replace(
      "  token = TOKEN",
      '  path = "/x"\n  port = 1\n  host = "0.0.0.0"',
    );
    expect(outline(diffOf(PIPELINE, text))).toEqual(["~ deployment.front was deployment.api"]);
  });
});

describe("tests", () => {
  const test = (name: string, depth: number) =>
    `${PIPELINE}\ntest ${name} {\n  subject = applicant\n  row a { id = "1", income = 10, amount = ${depth}, area = "north", asked = "2026-01-01" }\n  expect a.burden == 0.5\n}\n`;

  it("are no change in meaning, and are told apart", () => {
    const added = diffOf(PIPELINE, test("fills", 5));
    expect([added.same, added.declarations, added.reruns, added.notes]).toEqual([true, [], [], []]);
    expect(added.tests.map(({ status, id }) => `${status} ${id}`)).toEqual(["added test.fills"]);
    const renamed = diffOf(test("fills", 5), test("filled", 5));
    expect([renamed.tests[0]?.status, renamed.retry]).toEqual(["renamed", []]);
  });

  it("of what changed are to be tried again", () => {
    const before = test("fills", 5);
    const diff = diffOf(before, changed("amount = median", "amount = mean", before));
    expect([diff.tests, diff.retry]).toEqual([[], ["test.fills"]]);
  });
});
