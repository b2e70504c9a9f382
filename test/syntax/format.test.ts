import { describe, expect, it } from "vitest";
import { format } from "../../language/syntax/format.ts";
import { parse } from "../../language/syntax/parse.ts";

const formatted = (text: string): string => format(parse(text));

describe("the layout of a block", () => {
  it("is told by the words around it", () => {
    const paths: string[] = [];
    const text = "dataset a: csv { schema { x: int }\nsplit(seed = 1) { train = 70% } }";
    const laidOut = format(parse(text), (path) => {
      paths.push(path.join(" "));
      return path.length === 1 ? "many-lines" : "one-line";
    });
    expect(paths).toEqual(["dataset", "dataset schema", "dataset split"]);
    expect(laidOut).toBe("dataset a: csv {\n  schema { x: int }\n  split(seed = 1) { train = 70% }\n}\n");
  });

  it("`one-line` breaks at 100 columns", () => {
    const items = (count: number): string =>
      Array.from({ length: count }, (_, at) => `column${at} = ${at}`).join(", ");
    const one = `impute { ${items(6)} }\n`;
    expect(format(parse(one), () => "one-line")).toBe(one);
    expect(format(parse(`impute { ${items(9)} }`), () => "one-line").split("\n")).toHaveLength(12);
  });

  it("`as-fits` keeps the author's line break behind the brace", () => {
    expect(formatted("a {\n b = 1, c = 2 }")).toBe("a {\n  b = 1\n  c = 2\n}\n");
    expect(formatted("a { b = 1\n c = 2 }")).toBe("a { b = 1, c = 2 }\n");
  });
});

describe("the layout of a file", () => {
  it("keeps blank lines to one, and none at a block's ends", () => {
    expect(formatted("\n\na = 1\n\n\n\nb {\n\n  c = 1\n\n\n  d = 2\n\n}\n\n")).toBe(
      "a = 1\n\nb {\n  c = 1\n\n  d = 2\n}\n",
    );
  });

  it("aligns nothing", () => {
    expect(formatted("a    =  1\nlonger  =   2")).toBe("a = 1\nlonger = 2\n");
  });

  it("leaves text blocks as they are", () => {
    const text = 'prompt a {\n  template = """\n        deep  \n  flat\n    """\n}\n';
    expect(formatted(text)).toBe(text);
  });

  it("keeps parentheses, and the spelling of literals", () => {
    expect(formatted("a = ( (b+c) )*1_000")).toBe("a = ((b + c)) * 1_000\n");
  });

  it("keeps the file's line breaks", () => {
    expect(formatted("a = 1\r\n\r\n\r\nb {\r\n c = 2 }")).toBe("a = 1\r\n\r\nb {\r\n  c = 2\r\n}\r\n");
  });

  it("keeps them whatever a text block's own are", () => {
    const text = 'a = """\n  b\n  """\r\n';
    expect(formatted(`\r\n${text}`)).toBe(text);
    expect(formatted(text)).toBe(text);
  });

  it("leaves a file with errors alone, but not for a warning", () => {
    expect(formatted("a  =\nb   = 2")).toBe("a  =\nb   = 2");
    expect(formatted("a  = 1\n/// nothing follows")).toBe("a = 1\n/// nothing follows\n");
  });

  it("of nothing is nothing", () => {
    expect(formatted(" \n\n")).toBe("");
    expect(formatted("\n// only a comment  \n\n")).toBe("// only a comment\n");
  });
});
