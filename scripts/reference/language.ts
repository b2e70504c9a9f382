/** Pages about the language as a whole: its grammar, and the diagnostics by family. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue, entryOf, pageOf } from "../../language/diagnostics/catalogue.ts";
import { byFamily } from "../../language/diagnostics/families.ts";
import { PREPOSITIONS } from "../../language/syntax/tree.ts";
import { code, fence, GENERATED, page, table } from "./markdown.ts";

const NODES: readonly (readonly [string, string, string])[] = [
  ["attribute", "name = expression", "depth = 4"],
  ["column", "name: type constraint…", "income: float nullable min 0"],
  ["call", "name(argument, name = argument)", "one_hot(min_count = 5)"],
  ["block", "{ item… }", "{ train = 70%, test = 30% }"],
  ["import", 'import "file" { name, name as other }', 'import "./shared.mlops" { loans }'],
  [
    "phrase",
    'head operand? (: variant)? (= value)? (preposition expression | -> expression | "message")* block?',
    'require scored.f1 >= 0.75 by area "no area left behind"',
  ],
];

export function grammarPage(): string {
  return page(
    "# The grammar",
    "<!-- Written by `npm run reference`. -->",
    "A file is a list of items. The grammar has six kinds of node, and no kind, attribute or rule by name: which heads, attributes and words there are is the vocabulary's to say, and stands on the pages of the [kinds](README.md).",
    table(
      ["Node", "Written", "For example"],
      NODES.map(([name, form, example]) => [name, code(form), code(example)]),
    ),
    "A declaration is a phrase, and so is a rule (`expect`, `require`), a `param`, a `secret`.",
    `**Prepositions** begin a clause, and no rule is named like one: ${PREPOSITIONS.map(code).join(", ")}.`,
    "**New lines** end an item, except inside `()` and `[]`; commas separate items on one line. A line that begins with an operator, `->`, `and`, `or` or a preposition continues the one above.",
    "**Comments** are `// …`; a line of `/// …` documents the declaration or column under it and is in its meaning's documentation, not in its hash.",
    '**Literals** are `42`, `1_000`, `1e-4`, digits with a [unit](units.md) (`80%`, `5m`, `64KB`), `true`, `false`, `null`, `"text"` with `\\n` and the like, `"""text blocks"""` without escapes whose common indent is left out, lists `[a, b]` and ranges `1..10`. Dates are texts. A name with spaces stands in backticks.',
    "**Expressions**, from the loosest binding to the tightest:",
    fence(
      "text",
      [
        "if c then a else b",
        "or",
        "and",
        "not",
        "== != < <= > >= in      (one at a time: a < b < c is refused)",
        "+ -",
        "* /",
        "- (of one value)",
        "f(x)  a.b  (x)  [x, y]",
      ].join("\n"),
    ),
  );
}

export function diagnosticsPage(root: string): string {
  const titleOf = (name: string): string => {
    const [first = ""] = readFileSync(join(root, pageOf(name)), "utf8").split("\n");
    return first.replace(/^# \w+: /, "");
  };
  return page(
    "# Diagnostics",
    "<!-- Written by `npm run reference` from the catalogue and its pages. -->",
    "Each has a page with what it means, and an example that shows it beside one that does not. `mlops explain CODE` prints the page.",
    ...byFamily(Object.keys(catalogue)).flatMap(({ family, codes }) => [
      `## ${family.title}`,
      table(
        ["Code", "", "What is wrong"],
        codes.map((name) => [`[${name}](../diagnostics/${name}.md)`, entryOf(name).severity, titleOf(name)]),
      ),
    ]),
  );
}

export const readmePage = (kinds: readonly { readonly name: string; readonly doc: string }[]): string =>
  page(
    "# Reference",
    GENERATED,
    "Everything that a spec may say, from the vocabulary that the checker, completion and `fmt` read. [The language](../language.md) says what it means, [the grammar](grammar.md) how it is written.",
    "## Kinds",
    table(
      ["Kind", "What it declares"],
      kinds.map(({ name, doc }) => [`[${name}](kinds/${name}.md)`, doc]),
    ),
    "## Words",
    [
      "- [Column types and constraints](column-types-and-constraints.md)",
      "- [Layers](layers.md) of architectures",
      "- [Functions](functions.md)",
      "- [Metrics](metrics.md)",
      "- [Units](units.md)",
    ].join("\n"),
    "## Tools",
    [
      "- [The command line](command-line.md)",
      "- [Diagnostics](diagnostics.md)",
      "- [The IR](../ir.md), what a spec becomes, and its JSON Schema",
    ].join("\n"),
  );
