/** What stdlib says is true of itself: examples check and are formatted, every word is documented. */
import { describe, expect, it } from "vitest";
import { format } from "../../language/syntax/format.ts";
import { parse } from "../../language/syntax/parse.ts";
import { CONSTRAINTS } from "../../language/vocabulary/constraints.ts";
import { layoutOf } from "../../language/vocabulary/layout.ts";
import { type Field, fieldsOf } from "../../language/vocabulary/schema.ts";
import type { ColumnType } from "../../language/vocabulary/types.ts";
import { COLUMN_TYPES } from "../../language/vocabulary/types.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { codesOf, findings } from "../check/spec.ts";

const variants = Object.values(vocabulary.kinds).flatMap((kind) =>
  Object.values(kind.variants).map((variant) => ({ name: `${kind.name}: ${variant.name}`, kind, variant })),
);

describe.each(variants)("$name", ({ kind, variant }) => {
  it("has an example that checks in its context", () => {
    const found = findings(`${variant.context ?? kind.context}\n${variant.example}`);
    // Nothing follows an example, so its own declaration may stand unused.
    const name = [...variant.example.matchAll(/^\w+ (\w+)/gm)].at(-1)?.[1];
    expect(
      found
        .filter((one) => one.code !== "ML3002" || !one.message.includes(`\`${name}\``))
        .map((one) => one.message),
    ).toEqual([]);
  });

  it("has an example and a context in the one layout", () => {
    for (const text of [variant.example, variant.context ?? kind.context].filter((some) => some !== "")) {
      expect(format(parse(text), layoutOf(vocabulary))).toBe(text);
    }
  });

  it("documents itself and each of its attributes", () => {
    const undocumented = (fields: readonly Field[]): string[] =>
      fields.flatMap((field) =>
        field.meaning.doc.endsWith(".") || field.meaning.doc.includes("`") ? [] : [field.name],
      );
    expect(undocumented(fieldsOf(variant.schema))).toEqual([]);
    expect(variant.doc).not.toBe("");
  });

  it("has a snippet that begins with its kind and is whole", () => {
    const plain = variant.snippet.replace(/\$\{\d+:([^}]*)\}/g, "$1");
    expect(plain.startsWith(kind.name)).toBe(true);
    expect(parse(plain).errors).toEqual([]);
  });
});

describe("functions", () => {
  const columns = `dataset source: csv {
  path = "source.csv"
  schema {
    ${["balance", "income", "age", "duration", "area", "score", "width", "asked", "granted", "share", "amount"].map((name) => `${name}: float`).join("\n    ")}
    ${["phone", "mobile", "city", "country", "email", "message"].map((name) => `${name}: text`).join("\n    ")}
    code: string
    name: category
    id: string key
    year: int
    ${["opened", "closed", "paid_at"].map((name) => `${name}: timestamp`).join("\n    ")}
  }
`;
  const functions = Object.values(vocabulary.functions);
  it.each(functions.filter((spec) => spec.scope === "row"))("$name: its example checks", ({ example }) => {
    expect(
      codesOf(`${columns}}\n\nfeatures made {\n  from = source\n  derive { result = ${example} }\n}\n`),
    ).toEqual(["ML3002"]);
  });
  it.each(functions.filter((spec) => spec.scope === "table"))("$name: its example checks", ({ example }) => {
    const rule =
      /[<>]/.test(example.replace(/\(.*\)/, "")) ||
      example.startsWith("unique") ||
      example.startsWith("matches")
        ? example
        : `${example} > 0`;
    expect(codesOf(`${columns}  expect ${rule}\n}\n`)).toEqual(["ML3002"]);
  });
});

describe("metrics and units", () => {
  it("are keyed by their own names", () => {
    for (const [name, spec] of Object.entries(vocabulary.metrics)) expect(spec.name).toBe(name);
    for (const [suffix, spec] of Object.entries(vocabulary.units)) expect(spec.suffix).toBe(suffix);
    for (const [key, spec] of Object.entries(vocabulary.functions))
      expect(key).toBe(`${spec.scope}.${spec.name}`);
  });

  it("each metric is for some task and says which way is better", () => {
    for (const spec of Object.values(vocabulary.metrics)) {
      expect(spec.tasks.length).toBeGreaterThan(0);
      expect(spec.doc).toMatch(/\.$/);
    }
  });
});

describe("constraints of columns", () => {
  const written = (word: string, type: ColumnType): string => {
    const { takes } = CONSTRAINTS[word]!;
    const literal = type === "boolean" ? "true" : type === "int" || type === "float" ? "1" : '"a"';
    if (takes === "number") return " 1";
    if (takes === "text") return ' "%Y"';
    if (takes === "value") return ` ${literal}`;
    return takes === "values" ? ` [${literal}]` : "";
  };
  const types = Object.keys(COLUMN_TYPES) as ColumnType[];
  it.each(Object.keys(CONSTRAINTS))(
    "%s is accepted on the types it fits and refused on the others",
    (word) => {
      for (const type of types) {
        const label = word === "positive" ? " label" : "";
        const text = `dataset d: csv {\n  path = "d.csv"\n  schema { a: ${type}${label} ${word}${written(word, type)} }\n}\n`;
        const fits =
          CONSTRAINTS[word]!.fits.includes(type) &&
          (label === "" || CONSTRAINTS["label"]!.fits.includes(type));
        expect([type, codesOf(text).includes("ML2027")]).toEqual([type, !fits]);
      }
    },
  );
});
