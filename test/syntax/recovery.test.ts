import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { syntaxDiagnostics } from "../../language/diagnostics/catalogue/syntax.ts";
import { entryOf, fill } from "../../language/diagnostics/catalogue.ts";
import { format } from "../../language/syntax/format.ts";
import { parse } from "../../language/syntax/parse.ts";
import { printTree } from "../../language/syntax/print.ts";
import type { Item, ParseError, SourceTree } from "../../language/syntax/tree.ts";

const folder = fileURLToPath(new URL("fixtures/", import.meta.url));
const samples = readdirSync(folder)
  .filter((name) => name.endsWith(".mlops"))
  .map((name) => readFileSync(folder + name, "utf8"));
const pipeline = readFileSync(`${folder}pipeline.mlops`, "utf8");

/** What must hold for every text whatever. Booleans, because a diff of two long texts takes minutes. */
function expectSound(text: string): SourceTree {
  const tree = parse(text);
  expect(printTree(tree) === text).toBe(true);
  expect(Array.isArray(tree.items)).toBe(true);
  expect(tree.errors.filter((error) => !isSound(error, text))).toEqual([]);
  format(tree);
  return tree;
}

/** Its code exists, its place is in the text, and its message lacks no value. */
function isSound({ code, span, values }: ParseError, text: string): boolean {
  if (!Object.hasOwn(syntaxDiagnostics, code)) return false;
  const message = fill(entryOf(code).message, values);
  const within = 0 <= span.start && span.start <= span.end && span.end <= text.length;
  return (
    within &&
    Object.keys(values).every((name) => values[name] !== undefined) &&
    !/\{(?:text|after|expected|closer|opener|missing|instead|how|limit)\}/.test(
      message.replaceAll(values["text"] ?? "", ""),
    )
  );
}

const label = (item: Item): string => {
  if (item.kind === "attribute" || item.kind === "column") return item.name.text;
  if (item.kind === "import") return "import";
  return `${item.head.text} ${item.operand?.kind === "reference" ? item.operand.name.text : ""}`;
};

describe("any text", () => {
  it("is read without failing, byte by byte", () => {
    const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.string({ maxLength: 200 }));
    fc.assert(
      fc.property(anyText, (text) => void expectSound(text)),
      { numRuns: 1_000 },
    );
  });

  it("is read without failing, made of the language's own tokens", () => {
    const pieces = [
      ..."(){}[]=:,.-+*/<>\n\n\n\"`' ",
      '"""',
      "->",
      "..",
      "==",
      "not",
      "in",
      "if",
      "then",
      "else",
      "import",
      "by",
      "when",
    ];
    const names = ["a", "b", "x1", "null", "3", "5m", '"s"', "// c\n", "/// d\n", "    "];
    const soup = fc
      .array(fc.constantFrom(...pieces, ...names), { maxLength: 60 })
      .map((parts) => parts.join(" "));
    fc.assert(
      fc.property(soup, (text) => void expectSound(text)),
      { numRuns: 3_000 },
    );
  });

  it("is read without failing, a sample with characters changed", () => {
    const change = fc.tuple(
      fc.nat(),
      fc.nat({ max: 12 }),
      fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('"', "{", "(", "\n", '"""', "`")),
    );
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.array(change, { maxLength: 5 }), (sample, changes) => {
        let text = sample;
        for (const [place, length, insert] of changes) {
          const at = place % (text.length + 1);
          text = text.slice(0, at) + insert + text.slice(at + length);
        }
        expectSound(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    "[",
    "(",
    "f(",
    "{",
    "}",
    "a {\n",
    "if ",
    "- ",
    "not ",
    "a + ",
    "a.",
    "f()",
    "a(b = ",
    "x y: z = ",
    '"""\n',
    "`",
    "/// d\n",
    "if a then b else ",
  ])("20,000 times `%s` is read", (piece) => {
    expectSound(`x = ${piece.repeat(20_000)}`);
    expectSound(piece.repeat(20_000));
  });

  it("nests no deeper than a reader's stack goes", () => {
    const text = `x = ${"f([(".repeat(5_000)}1${")])".repeat(5_000)}\ny = 2`;
    const tree = parse(text);
    expect(tree.errors.map(({ code }) => code)).toEqual(["ML1110"]);
    expect(tree.items.map(label)).toEqual(["x", "y"]);
  });
});

describe("one mistake", () => {
  const { tokens, items } = parse(pipeline);
  const code = tokens.filter(({ type }) => !["space", "newline", "comment", "doc"].includes(type));
  const without = code.map(({ start, end }) => parse(pipeline.slice(0, start) + pipeline.slice(end)));

  it("never hides another declaration: without any one token, all the others are found", () => {
    for (const [at, tree] of without.entries()) {
      const found = tree.items.map(label);
      const lost = items.map(label).filter((each) => !found.includes(each));
      expect(lost.length, `without token ${at}, "${code[at]?.text}": ${lost.join(", ")}`).toBeLessThanOrEqual(
        1,
      );
    }
  });

  it("is one error, for all but a few tokens", () => {
    const several = without.filter(({ errors }) => errors.length > 1);
    expect(several.length).toBeLessThanOrEqual(code.length * 0.03);
  });

  it("is reported on the line it stands on, for all but a few tokens", () => {
    const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
    const elsewhere = without.filter(({ text, errors }, at) => {
      const [first] = errors;
      const line = lineOf(pipeline, code[at]?.start ?? 0);
      return first !== undefined && Math.abs(lineOf(text, first.span.start) - line) > 1;
    });
    expect(elsewhere.length).toBeLessThanOrEqual(code.length * 0.02);
  });

  it("with a text that is not closed costs its line", () => {
    const tree = parse('a x {\n  b = "c }\n  d = 1\n}\ne = 2');
    expect(tree.errors.map((error) => error.code)).toEqual(["ML1002"]);
    expect(tree.items.map(label)).toEqual(["a x", "e"]);
  });

  it("with a text block that is not closed costs its lines", () => {
    const tree = parse(
      'a x {\n  b = """\n    text\n  c = 1\n}\nd y {\n  e = """\n    more\n    """\n}\nf = 2',
    );
    expect(tree.errors.map((error) => error.code)).toEqual(["ML1003"]);
    expect(tree.items.map(label)).toEqual(["a x", "d y", "f"]);
  });

  it("with a bracket does not swallow the import on the next line", () => {
    const tree = parse('f(a\nimport "./b.mlops" { c }\nd = 1');
    expect(tree.errors.map((error) => error.code)).toEqual(["ML1103"]);
    expect(tree.items.map(({ kind }) => kind)).toEqual(["phrase", "import", "attribute"]);
  });

  it("with a bracket names the bracket that it belongs to", () => {
    const text = "a x {\n  b {\n    c = 1\n\n  d = 2\n}\ne = 3";
    const tree = parse(text);
    expect(tree.errors).toMatchObject([
      {
        code: "ML1103",
        span: { start: text.indexOf("\n\n"), end: text.indexOf("\n\n") },
        related: [{ span: { start: 10, end: 11 } }],
      },
    ]);
    expect(tree.items).toMatchObject([
      { block: { items: [{}, { name: { text: "d" } }] } },
      { name: { text: "e" } },
    ]);
  });
});

describe("what is half typed", () => {
  it.each([
    ["api.", "ML1106", ""],
    ["api.replicas", "ML1120", "replicas"],
  ])("stays in the tree: `%s`", (typed, code, member) => {
    const tree = expectSound(`environment prod {\n  ${typed}\n}\n`);
    expect(tree.errors.map((error) => error.code)).toEqual([code]);
    const half = { head: { text: "api" }, operand: { kind: "member", member: { text: member } } };
    expect(tree.items).toMatchObject([{ block: { items: [half] } }]);
  });

  it("as a backtick alone names nothing", () => {
    const tree = expectSound("a = 1\n`\nb = 2\n");
    expect(tree.errors.map((error) => error.code)).toEqual(["ML1004"]);
    expect(tree.items).toMatchObject([{ name: { text: "a" } }, { name: { text: "b" } }]);
  });
});

describe("a file with more mistakes than anybody reads", () => {
  it("names two hundred of them, and still has what is right behind them", () => {
    const tree = expectSound(`${"f()".repeat(5_000)}\n${"a + \n".repeat(300)}model m: x { data = rows }\n`);
    expect(tree.errors).toHaveLength(200);
    expect(tree.items.length).toBeLessThan(1_000);
    expect(tree.items.at(-1)).toMatchObject({ head: { text: "model" }, block: { items: [{}] } });
  });

  it("has no indentation to trust where as many brackets are missing", () => {
    const tree = expectSound("a {\n".repeat(1_000));
    expect(tree.errors.length).toBeLessThan(10);
  });
});
