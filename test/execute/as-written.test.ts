/** A step that carries nothing out still hands on what is written: an edit runs again what reads it. */
import { expect, it } from "vitest";
import { executorsOf } from "../../runtime/execute/executors.ts";
import type { StepContext } from "../../runtime/execute/step.ts";
import { outcomeOf } from "../../runtime/store/records.ts";
import { findings, programOf } from "../check/spec.ts";

const SPEC = `tokenizer letters: characters {
  corpus = book.train
}

dataset book: text {
  path = "book.txt"
  split(by = position) { train = 80%, test = 20% }
}

architecture tiny {
  embedding(letters.size, 8)
  positions(16)
  residual { layer_norm(), attention(2, causal = true) }
  logits()
}

prompt ask {
  input {
    asked: text
  }
  template = "Q: {asked}"
}
`;

async function outcome(text: string, kind: string): Promise<string> {
  expect(findings(text).filter(({ severity }) => severity === "error")).toEqual([]);
  const program = programOf(text);
  const declaration = program.declarations.find((one) => one.kind === kind)!;
  const work = await (await executorsOf(program)).get(kind)!.load();
  return outcomeOf(await work({ program, declaration, props: declaration.props } as StepContext));
}

it.each([
  ["prompt", "Q: {asked}", "Question: {asked}"],
  ["architecture", "positions(16)", "positions(32)"],
  ["architecture", "attention(2", "attention(4"],
])("of a %s, `%s` and `%s` are two", async (kind, from, to) => {
  expect(await outcome(SPEC.replace(from, to), kind)).not.toBe(await outcome(SPEC, kind));
});

it("a rename of what is read changes nothing", async () => {
  expect(await outcome(SPEC.replaceAll("letters", "signs"), "architecture")).toBe(
    await outcome(SPEC, "architecture"),
  );
});
