/** Words of other tools lead to words that exist here, and old names to new ones. */
import { describe, expect, it } from "vitest";
import { SCALAR_TYPES } from "../../language/check/parameter-types.ts";
import { adviceFor, nearest } from "../../language/check/suggest.ts";
import { CONSTRAINTS } from "../../language/vocabulary/constraints.ts";
import {
  blockOf,
  elementOf,
  type Field,
  fieldsOf,
  ruleOf,
  type Typed,
} from "../../language/vocabulary/schema.ts";
import { plain } from "../../language/vocabulary/synonyms.ts";
import { COLUMN_TYPES } from "../../language/vocabulary/types.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { findings } from "../check/spec.ts";

const { kinds, metrics, functions, units, synonyms, deprecated } = vocabulary;

/** Every word that a spec may hold. */
const words = new Set<string>(["param", "secret", ...Object.keys(units), ...Object.keys(metrics)]);
for (const word of [COLUMN_TYPES, CONSTRAINTS, SCALAR_TYPES, kinds].flatMap(Object.keys)) words.add(word);
for (const spec of Object.values(functions)) {
  words.add(spec.name);
  for (const parameter of spec.parameters)
    for (const word of Object.keys(parameter.words ?? {})) words.add(word);
}
const fields = (all: readonly Field[]): void => {
  for (const field of all) {
    words.add(field.name);
    typed(field);
  }
};
function typed(of: Typed): void {
  const { meaning } = of;
  if (meaning.is === "choice") for (const word of Object.keys(meaning.values)) words.add(word);
  if (meaning.is === "block") fields(fieldsOf(blockOf(of)));
  if (meaning.is === "rules") fields(fieldsOf(ruleOf(of)));
  if (meaning.is === "list" || meaning.is === "map") typed(elementOf(of));
  if (meaning.is !== "call") return;
  for (const [name, form] of Object.entries(meaning.forms)) {
    words.add(name);
    fields(fieldsOf(form.args));
  }
}
for (const kind of Object.values(kinds)) {
  for (const variant of Object.values(kind.variants)) {
    words.add(variant.name);
    fields(fieldsOf(variant.schema));
  }
}
for (const spec of Object.values(metrics)) fields(fieldsOf(spec.args));

describe("words of other tools", () => {
  it("lead to words that exist", () => {
    const lost = Object.values(synonyms.words)
      .flat()
      .filter((word) => !words.has(word));
    expect([...new Set(lost)]).toEqual([]);
    const advised = Object.values(synonyms.advice)
      .flat()
      .filter(({ among }) => !words.has(among));
    expect(advised).toEqual([]);
  });

  it("are looked up however they are spelt", () => {
    for (const word of ["maxDepth", "MAX_DEPTH", "max-depth", "lgb.max_depth"]) {
      expect(nearest(word, ["depth", "leaves"], synonyms)).toBe("depth");
    }
    expect(plain("sklearn.ensemble.RandomForestClassifier")).toBe("randomforestclassifier");
  });

  it("mean only what may stand there", () => {
    expect(nearest("max_iter", ["iterations", "l2"], synonyms)).toBe("iterations");
    expect(nearest("max_iter", ["trees", "depth"], synonyms)).toBe("trees");
    expect(nearest("max_iter", ["path", "schema"], synonyms)).toBeNull();
    expect(adviceFor("log1p", ["ln", "exp"], synonyms)).toBe("write `ln(x + 1)`");
    expect(adviceFor("log1p", ["accuracy"], synonyms)).toBeNull();
    for (const word of ["constructor", "toString", "__proto__"]) {
      expect(nearest(word, ["path"], synonyms)).toBeNull();
      expect(adviceFor(word, ["path"], synonyms)).toBeNull();
    }
  });

  it("lose against a word that is spelt alike", () => {
    expect(nearest("Rows", ["rows", "count"], synonyms)).toBe("rows");
  });
});

describe("old names", () => {
  it("have a new one that exists, and are none themselves", () => {
    for (const { word, use } of deprecated) {
      expect(words).toContain(use);
      expect(words).not.toContain(word);
    }
  });

  it("mean what the new one means", () => {
    const spec = (metric: string) => `dataset d: csv {
  path = "d.csv"
  schema {
    a: float
    y: category label positive "yes"
  }
  split(seed = 1) { train = 80%, test = 20% }
}

model m: random_forest {
  data = d.train
}

evaluation e {
  model = m
  data = d.test
  metrics = [${metric}]
}
`;
    expect(findings(spec("auc"))).toEqual([]);
    const [found, ...more] = findings(spec("roc_auc"));
    expect(more).toEqual([]);
    expect(found).toMatchObject({ code: "ML3059", severity: "warning", fixes: [{ title: "write `auc`" }] });
  });
});
