import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { format } from "../../language/syntax/format.ts";
import { Grammar } from "../../language/syntax/grammar.ts";
import { parse } from "../../language/syntax/parse.ts";
import { printTree } from "../../language/syntax/print.ts";
import type { Expression, Item } from "../../language/syntax/tree.ts";
import { shape } from "./generate.ts";
import { expression } from "./write.ts";

const only = (text: string): Item => {
  const tree = parse(text);
  expect(tree.errors).toEqual([]);
  expect(tree.items).toHaveLength(1);
  return tree.items[0] as Item;
};

const value = (text: string): Expression => {
  const item = only(`x = ${text}`);
  return item.kind === "attribute" ? item.value : expect.fail("not an attribute");
};

/** An expression with all of its parentheses. */
const grouped = (text: string): string => full(value(text));
const full = (node: Expression): string => {
  if (node.kind === "binary") return `(${full(node.left)} ${node.operator} ${full(node.right)})`;
  if (node.kind === "unary") return `(${node.operator} ${full(node.operand)})`;
  if (node.kind === "range") return `(${full(node.from)}..${full(node.to)})`;
  return expression(node);
};

describe("the grammar", () => {
  it("is a valid LL(1) grammar", () => {
    expect(() => new Grammar(false)).not.toThrow();
  });
});

describe("items", () => {
  it("an attribute has a name and a value", () => {
    expect(only("path = 3")).toMatchObject({
      kind: "attribute",
      name: { text: "path" },
      value: { value: 3 },
    });
  });

  it("an attribute of another declaration has a dotted name", () => {
    expect(only("api.replicas = 4")).toMatchObject({
      name: { text: "api.replicas", span: { start: 0, end: 12 } },
      path: [{ text: "api" }, { text: "replicas" }],
    });
  });

  it("a column has a type and constraints, with or without values", () => {
    expect(only('`Loan Status`: category label positive "Y" min -1')).toMatchObject({
      kind: "column",
      name: { text: "Loan Status", quoted: true },
      constraints: [
        { word: { text: "label" }, value: null },
        { word: { text: "positive" }, value: { value: "Y" } },
        { word: { text: "min" }, value: { kind: "unary" } },
      ],
    });
  });

  it("a declaration is a phrase with a name, a variant and a block", () => {
    expect(only("dataset loans: csv { a = 1, b: int }")).toMatchObject({
      kind: "phrase",
      head: { text: "dataset" },
      operand: { name: { text: "loans" } },
      variant: { name: { text: "csv" } },
      block: { items: [{ kind: "attribute" }, { kind: "column" }] },
    });
  });

  it("a parameter is a phrase with a type and a value", () => {
    expect(only("param x: int = 3")).toMatchObject({
      operand: { name: { text: "x" } },
      variant: { name: { text: "int" } },
      value: { value: 3 },
    });
  });

  it("the version line is a phrase", () => {
    expect(only("mlops 1")).toMatchObject({ head: { text: "mlops" }, operand: { value: 1 } });
  });

  it("a rule has clauses in their order and a message", () => {
    expect(only('alert p99 > 50ms for 5m by variant -> log() "slow"')).toMatchObject({
      clauses: [{ word: "for" }, { word: "by" }, { word: "->" }],
      message: { value: "slow" },
    });
  });

  it("arguments stand right behind the head, an operand stands apart", () => {
    expect(only("split(seed = 42)")).toMatchObject({
      arguments: [{ name: { text: "seed" } }],
      operand: null,
    });
    expect(only("alert (a + b) > c")).toMatchObject({ arguments: null, operand: { kind: "binary" } });
  });

  it("an operand can be a call with parameters", () => {
    expect(only("architecture gpt(width: int, drop: ratio = 0%) {}")).toMatchObject({
      operand: {
        kind: "call",
        arguments: [{ type: { name: { text: "int" } }, value: null }, { value: { unit: "%" } }],
      },
    });
  });

  it("an import has a path and names", () => {
    expect(only('import "./a.mlops" { b, c }')).toMatchObject({
      kind: "import",
      path: { value: "./a.mlops" },
      names: [{ text: "b" }, { text: "c" }],
    });
    expect(only("import = 3")).toMatchObject({ kind: "attribute" });
  });

  it("doc comments belong to what follows, line by line", () => {
    expect(only("/// One.\n///\n///  Two.\n// no doc\nsecret X").doc).toBe("One.\n\n Two.");
    expect(only("//// a ruler\nsecret X").doc).toBeNull();
  });
});

describe("new lines", () => {
  it("end an item when a name follows", () => {
    expect(parse("a = 1\nb = 2\nc x\nd").items).toHaveLength(4);
  });

  it("do not end it before an operator, a clause, a text, an arrow or `then`", () => {
    expect(
      parse('r a\n  + b\n  and c\n  when d\n  -> e\n  "m"\n{}\nx = if a\n  then b\n  else c').items,
    ).toHaveLength(2);
  });

  it("mean nothing inside () and []", () => {
    expect(parse("a = f(\n  b,\n  c = [\n    d\n  ]\n)").errors).toEqual([]);
  });

  it("never let a missing value take the next line's name", () => {
    const tree = parse("a =\nb = 2\nrequire x >\nc = 3");
    expect(tree.errors.map(({ code }) => code)).toEqual(["ML1101", "ML1101"]);
    expect(tree.items).toHaveLength(4);
  });

  it("end a half-typed member", () => {
    const tree = parse("from = loans.\ntier = curated");
    expect(tree.errors).toMatchObject([{ code: "ML1106", span: { start: 13, end: 13 } }]);
    expect(tree.items).toMatchObject([
      { value: { kind: "member", member: { text: "" } } },
      { name: { text: "tier" } },
    ]);
  });
});

describe("prepositions", () => {
  it("are names before `=` and `:`, behind a dot and where a value must stand", () => {
    const tree = parse("within = 30s\nfor: text\nx = f(by = by, [at])\ny = a.with");
    expect(tree.errors).toEqual([]);
    expect(tree.items.map(({ kind }) => kind)).toEqual(["attribute", "column", "attribute", "attribute"]);
  });
});

describe("expressions", () => {
  it.each([
    ["a or b and not c == d + e * -f", "(a or (b and (not (c == (d + (e * (- f)))))))"],
    ["a - b - c", "((a - b) - c)"],
    ["(a - (b - c))", "(a - (b - c))"],
    ["1..n + 1", "(1..(n + 1))"],
    ["x in 1..3", "(x in (1..3))"],
    ["a not in b or c", "((not (a in b)) or c)"],
    ["not not a", "(not (not a))"],
    ["- -a.b", "(- (- a.b))"],
  ])("%s", (text, expected) => {
    expect(grouped(text)).toBe(expected);
  });

  it("`else` takes all that follows", () => {
    expect(value("if a then b else c + 1")).toMatchObject({ kind: "if", otherwise: { kind: "binary" } });
  });

  it("members and calls follow each other", () => {
    expect(value("baseline(ngram(5)).loss")).toMatchObject({ kind: "member", object: { kind: "call" } });
  });

  it("lists and arguments may end with a comma", () => {
    expect(value("[a, b,]")).toMatchObject({ items: { length: 2 } });
    expect(value("f(a,)")).toMatchObject({ arguments: { length: 1 } });
  });
});

describe("literals", () => {
  it.each([
    ["42", 42, null],
    ["1_000", 1000, null],
    ["1e-4", 1e-4, null],
    ["80%", 80, "%"],
    ["2.5GB", 2.5, "GB"],
    ["1_0e3kg", 10_000, "kg"],
    ["25USD", 25, "USD"],
    ["5e", 5, "e"],
    ["0x10", 0, "x10"],
  ])("%s", (text, number, unit) => {
    expect(value(text)).toMatchObject({ kind: "number", value: number, unit, text });
  });

  it.each([
    ['"a\\n\\t\\"\\\\ \\u{1F600}"', 'a\n\t"\\ 😀'],
    ['"// no comment"', "// no comment"],
    ['""', ""],
    ['"""a\\nb"""', "a\\nb"],
    ['"""\n    a\n      b\n\n    c\n    """', "a\n  b\n\nc"],
    ['"""\n    a\n  """', "  a"],
    ['"""\n  a\n\n  """', "a\n"],
    ['"""\r\n  a\r\n  b\r\n  """', "a\nb"],
    ['"""\n\ta\n\t"""', "a"],
    ['"""say "hi""""', 'say "hi"'],
    ['"""a \\""" b"""', 'a """ b'],
  ])("%s", (text, expected) => {
    expect(value(text)).toMatchObject({ kind: "string", value: expected, text });
  });

  it("a name in backticks may hold anything but a line break", () => {
    expect(value("`a ``b`` = 1`")).toMatchObject({ name: { text: "a `b` = 1", quoted: true } });
  });
});

describe("the design's examples", () => {
  const folder = fileURLToPath(new URL("../../../shared/design/examples/", import.meta.url));
  const files = existsSync(folder) ? readdirSync(folder) : [];

  it.skipIf(files.length === 0)("are read, printed and laid out", () => {
    for (const file of files) {
      const text = readFileSync(folder + file, "utf8");
      const tree = parse(text);
      expect(tree.errors).toEqual([]);
      expect(printTree(tree)).toBe(text);
      const formatted = parse(format(tree));
      expect(shape(formatted.items)).toBe(shape(tree.items));
      expect(format(formatted)).toBe(formatted.text);
    }
  });
});
