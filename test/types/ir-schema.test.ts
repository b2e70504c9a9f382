/** The published JSON Schema is today's, and says yes and no as the checker does. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import type { Program } from "../../language/ir/program.ts";
import type { Variant } from "../../language/vocabulary/kind.ts";
import { schemas } from "../../scripts/schemas.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { PIPELINE, programOf } from "../check/spec.ts";
import { ROOT } from "../samples/mlops.ts";

const [[path, text]] = Object.entries(schemas()) as [[string, string]];
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  JSON.parse(text) as object,
);

/** As it stands in a file. */
const written = (program: Program): Program => JSON.parse(JSON.stringify(program)) as Program;

describe("the IR's JSON Schema", () => {
  it("is up to date: `npm run schemas` writes it", () => {
    expect(readFileSync(join(ROOT, path), "utf8")).toBe(text);
  });

  const specs = [
    ...readdirSync(join(ROOT, "test/check/fixtures"))
      .filter((name) => name.endsWith(".mlops"))
      .map((name) => join("test/check/fixtures", name)),
    "samples/loan/loan.mlops",
    "samples/german-credit/german-credit.mlops",
    "samples/music-store/music-store.mlops",
    "samples/penguins/penguins.mlops",
  ];
  it.each(specs)("takes what %s means", (spec) => {
    const read = () => readFileSync(join(ROOT, spec), "utf8");
    const { program } = compile({ files: { read }, entry: spec, vocabulary });
    if (program === null) return; // a fixture of what is wrong
    validate(written(program));
    expect(validate.errors ?? []).toEqual([]);
  });

  it("takes every example of the vocabulary", () => {
    for (const kind of Object.values(vocabulary.kinds)) {
      for (const { example, context = kind.context } of Object.values<Variant>(kind.variants)) {
        validate(written(programOf(context + example)));
        expect(validate.errors ?? [], example).toEqual([]);
      }
    }
  });

  const right = programOf(PIPELINE);
  const model = right.declarations.findIndex(({ kind }) => kind === "model");
  const wrongs: readonly (readonly [string, (program: Program) => unknown])[] = [
    ["another version", (program) => ({ ...program, ir: 2 })],
    ["no hash", ({ hash: _, ...program }) => program],
    ["an unknown variant", (program) => change(program, { variant: "boosted" })],
    ["an unknown attribute", (program) => change(program, { props: { ...propsOf(program), dpth: 4 } })],
    ["a wrong type", (program) => change(program, { props: { ...propsOf(program), depth: "4" } })],
    ["a value out of bounds", (program) => change(program, { props: { ...propsOf(program), depth: 17 } })],
    [
      "a reference to the wrong kind",
      (program) => change(program, { props: { ...propsOf(program), data: { ref: "gate.ready" } } }),
    ],
  ];
  const propsOf = (program: Program) => program.declarations[model]!.props;
  const change = (program: Program, changes: object) => ({
    ...program,
    declarations: program.declarations.map((one, i) => (i === model ? { ...one, ...changes } : one)),
  });
  it.each(wrongs)("refuses %s", (_, spoil) => {
    expect(validate(spoil(written(right)))).toBe(false);
  });
});
