/** Predictions and behaviour of models with several classes, of numbers, and of booleans. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { attempt, lines } from "./attempt.ts";
import { project } from "./spec.ts";

const SPEC = `mlops 1

dataset penguins: csv {
  path = "penguins.csv"

  schema {
    mass: int
    island: category
    tagged: boolean
    species: category label
    flipper: float
  }

  split(seed = 1) { train = 80%, test = 20% }
}

model kind_of: decision_tree {
  data = penguins.train
  target = species
  depth = 3
}

model length: linear_regression {
  data = penguins.train
  target = flipper
}

model is_tagged: logistic_regression {
  data = penguins.train
  target = tagged
}
`;

const rows = Array.from({ length: 200 }, (_, i) => {
  const species = ["Adelie", "Chinstrap", "Gentoo"][i % 3]!;
  const mass = { Adelie: 3000, Chinstrap: 4000, Gentoo: 5000 }[species]! + ((i * 37) % 400);
  return `${mass},${i % 2 === 0 ? "Dream" : "Biscoe"},${mass > 4000},${species},${mass / 20 + ((i * 53) % 60)}`;
});
const place = project("", SPEC);
writeFileSync(join(place.folder, "penguins.csv"), `mass,island,tagged,species,flipper\n${rows.join("\n")}\n`);
afterAll(() => place.remove());
const tried = async (tests: string) => {
  place.write(tests, SPEC);
  return attempt(place);
};

describe("a model of several classes", () => {
  it("gives the probability of each class by name, and says so where none is named", async () => {
    const outcome = await tried(`
test classes {
  subject = kind_of
  given { island = "Dream", tagged = false, flipper = 160 }
  row light { mass = 3100 }
  expect light.label == "Adelie"
  expect light.probability("Adelie") > light.probability("Gentoo")
  expect light.probability("Emperor") == null
  expect light.probability > 0
}
`);
    const [status, failed, ...rest] = lines(outcome);
    expect([status, rest]).toEqual(["classes: failed", []]);
    expect(failed).toBe(
      "expect light.probability > 0: light.probability is missing (a missing value settles nothing)",
    );
  });

  it("rises for one of them", async () => {
    const outcome = await tried(`
test moves {
  subject = kind_of
  rises with flipper by 100% for "Gentoo" within 1%
  rises with mass by 100% for "Gentoo"
  falls with mass by 100% for "Gentoo"
  rises with mass
  invariant island within 50%
}
`);
    const found = lines(outcome);
    expect(found[0]).toBe("moves: failed");
    expect(found.some((line) => line.startsWith('falls with mass by 100% for "Gentoo": '))).toBe(true);
    expect(found).toContain(
      "rises with mass by 10%: the model knows the classes Adelie, Chinstrap, Gentoo: name one with `for`",
    );
    expect(found.some((line) => line.startsWith("rises with flipper") || line.startsWith("invariant"))).toBe(
      false,
    );
  });
});

it("a model of numbers has a value, and moves by shares of it", async () => {
  const outcome = await tried(`
test values {
  subject = length
  given { island = "Dream", tagged = false, species = "Adelie" }
  row light { mass = 3000 }
  expect light.value in 150..210
  rises with mass by 10%
  falls with mass by 10% within 50%
  falls with mass by 10% within 1%
  invariant island within 50%
}
`);
  const [status, failed, ...rest] = lines(outcome);
  expect([status, rest]).toEqual(["values: failed", []]);
  expect(failed).toMatch(
    /^falls with mass by 10% within 1%: \d+ of \d+ rows of penguins\.test moved up by more than 1%, at most \d+(\.\d+)?%$/,
  );
  expect(outcome.results[0]?.claims.find(({ passed }) => !passed)?.rows?.[0]).toEqual([
    "ROW",
    "mass",
    "VALUE",
    "MOVED",
  ]);
});

it("a label of true and false is no text", async () => {
  const outcome = await tried(`
test yes_or_no {
  subject = is_tagged
  given { island = "Dream", species = "Adelie", flipper = 160 }
  row light { mass = 3000 }
  row heavy { mass = 5200 }
  expect heavy.label and not light.label
  expect heavy.label == true
  expect heavy.probability > light.probability
}
`);
  expect(lines(outcome)).toEqual(["yes_or_no: passed"]);
});
