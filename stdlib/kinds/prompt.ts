// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import { listed, nearest } from "../../language/check/suggest.ts";
import type { Kind, Objection } from "../../language/vocabulary/kind.ts";
import { placeholdersOf } from "../../language/vocabulary/placeholders.ts";
import * as v from "../../language/vocabulary/types.ts";

const schema = z.object({
  input: v.fewColumns("What the template is filled with: names and types."),
  template: v.template(
    "The exact text that the model is given; `{name}` is replaced by that input and every other byte stands as written.",
  ),
  output: v.fewColumns("What the model answers: one text, or the members of one JSON object.").optional(),
});

export type Prompt = z.output<typeof schema>;

/** Placeholders and inputs name each other. */
function review(props: Prompt, prompt: string): Objection[] {
  const known = props.input.map(({ name }) => name);
  const used = placeholdersOf(props.template);
  const unknown = [...new Set(used)].filter((name) => !known.includes(name));
  const objections: Objection[] = unknown.map((name) => {
    const near = nearest(name, known);
    const meant = near === null ? known : [near];
    const values = {
      placeholder: `{${name}}`,
      prompt,
      known: listed(meant.map((word) => `{${word}}`)),
    };
    return { code: "ML3135", values, pointer: "/template" };
  });
  if (unknown.length > 0) return objections; // a misspelt placeholder is not also an input that nothing names
  const silent = known.filter((name) => !used.includes(name));
  return silent.map((name) => ({
    code: "ML3136",
    values: { input: name, placeholder: `{${name}}`, prompt },
    pointer: `/input/${known.indexOf(name)}`,
  }));
}

export const prompt = {
  name: "prompt",
  doc: "What a language model is given and what it answers: a template with its inputs and output, versioned by its bytes.",
  variantRequired: false,
  stateful: false,
  terminal: false,
  unused: "name it in a model's or deployment's `prompt`",
  review,
  context: "",
  variants: {
    prompt: {
      name: "prompt",
      doc: "A template with its inputs and its output.",
      schema,
      example: `prompt ask {
  input { instruction: text }
  template = """
    Instruction: {instruction}
    Answer:
    """
  output { answer: text }
}
`,
      snippet:
        'prompt ${1:name} {\n  input { ${2:question}: text }\n  template = """\n    {${2:question}}\n    """\n  output { ${3:answer}: text }\n}',
    },
  },
} as const satisfies Kind;
