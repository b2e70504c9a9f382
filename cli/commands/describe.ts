/** `mlops describe SPEC NAME`: an architecture layer by layer, its shapes, parameters and memory. */
import { nearest } from "../../language/check/suggest.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { Layer } from "../../language/vocabulary/layer.ts";
import type { Reference } from "../../language/vocabulary/types.ts";
import { type Memory, memoryOf } from "../../stdlib/layers/memory.ts";
import { filled, numberOf, textOf } from "../../stdlib/layers/shapes/count.ts";
import { type ArchitectureFacts, architectureFacts, type FeatureShape } from "../../stdlib/layers/shapes.ts";
import { type CommandModule, EXIT, type Invocation } from "../command.ts";
import { refuse } from "../finding.ts";
import { settings, withSettings } from "../options.ts";
import { paint } from "../style.ts";
import { bytes, table } from "../table.ts";

interface Described {
  readonly architecture: Declaration;
  readonly facts: ArchitectureFacts;
  /** Sizes of tokenizers, as far as the spec says them. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly rows: number;
  readonly memory: Memory | null;
}

/** Rows of a batch where no model says how many. */
const ROWS = 16;

const KINDS: Readonly<Record<ArchitectureFacts["kind"], string>> = {
  decoder: "a decoder",
  encoder_decoder: "an encoder-decoder",
  encoder: "an encoder",
  features: "a network of features",
};

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument("<spec>", "the .mlops file")
      .argument("[name]", "an architecture, or a model that has one; the only one when not given")
      .option("--batch <rows>", "rows of a batch, for the memory; the model's own when not given")
      .addHelpText(
        "after",
        "\nExamples:\n  mlops describe gpt.mlops base\n  mlops describe gpt.mlops base --batch 64",
      );
  },
  async run(invocation, [spec = "", name], options) {
    const { terminal, json, load } = invocation;
    const batch = options["batch"];
    if (batch !== undefined && !/^[1-9]\d*$/.test(String(batch))) {
      refuse(invocation, "ML8011", {
        option: "--batch",
        expected: "a whole number above 0",
        value: String(batch),
      });
      return EXIT.wrong;
    }
    const loaded = await load(spec, settings(options));
    if (loaded === null) return EXIT.wrong;
    const { program } = loaded;
    const found = declared(invocation, program, name);
    if (found === null) return EXIT.wrong;
    const described = describe(
      program,
      found.architecture,
      found.model,
      batch === undefined ? null : Number(batch),
    );
    terminal.out(json ? JSON.stringify(jsonOf(described), null, 2) : textOfAll(described, terminal.color));
    return EXIT.done;
  },
};

interface Found {
  readonly architecture: Declaration;
  readonly model: Declaration | null;
}

/** Null, and said, when none is meant. */
function declared(invocation: Invocation, { declarations }: Program, name: string | undefined): Found | null {
  const models = declarations.filter((one) => architectureOf(one) !== null);
  const all = declarations.filter(({ kind }) => kind === "architecture");
  const found = (architecture: Declaration): Found => ({
    architecture,
    model: models.find((one) => architectureOf(one) === architecture.id) ?? null,
  });
  const fits = (one: Declaration) => one.id === name || one.name === name;
  if (name === undefined && all.length === 1) return found(all[0]!);
  const model = models.find(fits);
  if (model !== undefined)
    return { architecture: all.find(({ id }) => id === architectureOf(model))!, model };
  const architecture = all.find(fits) ?? all.find((one) => one.name.split(".").at(-1) === name);
  if (architecture !== undefined) return found(architecture);
  const known = [...models, ...all].map((one) => one.name);
  const near = name === undefined ? null : nearest(name, known);
  const hint =
    near !== null ? `; did you mean \`${near}\`?` : known.length > 0 ? ` (${known.join(", ")})` : "";
  refuse(invocation, "ML8012", { name: name ?? "an architecture", known: hint });
  return null;
}

function architectureOf(declaration: Declaration): string | null {
  const { architecture } = declaration.props as { architecture?: Reference };
  return declaration.kind === "model" && architecture !== undefined ? architecture.ref : null;
}

function describe(
  { declarations }: Program,
  architecture: Declaration,
  model: Declaration | null,
  batch: number | null,
): Described {
  const layers = architecture.props["layers"] as unknown as readonly Layer[]; // the checker accepted it as such
  const props = (model?.props ?? {}) as { image?: FeatureShape; batch?: number };
  const facts = architectureFacts(layers, props.image ?? null);
  const sizes = new Map(
    declarations.flatMap(({ kind, name, props: { vocabulary } }): [string, number][] =>
      kind === "tokenizer" && typeof vocabulary === "number" ? [[`${name}.size`, vocabulary]] : [],
    ),
  );
  const rows = batch ?? props.batch ?? ROWS;
  return { architecture, facts, sizes, rows, memory: memoryOf(facts, sizes, rows) };
}

function jsonOf({ architecture, facts, sizes, rows, memory }: Described): object {
  return {
    name: architecture.name,
    kind: facts.kind,
    context: facts.context === null ? null : (numberOf(facts.context) ?? textOf(facts.context)),
    output: facts.output,
    parameters: numberOf(filled(facts.parameters, sizes)),
    formula: textOf(facts.parameters),
    layers: facts.layers.map(({ pointer, layer, output, parameters }) => ({
      pointer,
      layer: layer.layer,
      args: layer.args,
      output,
      parameters: numberOf(filled(parameters, sizes)),
      formula: textOf(parameters),
    })),
    memory: memory === null ? null : { ...memory, batch: rows },
  };
}

function textOfAll(described: Described, color: boolean): string {
  const { architecture, facts, sizes } = described;
  const context = facts.context === null ? "" : `, ${textOf(facts.context)} tokens`;
  const head = paint(color, "strong", `${architecture.name}: ${KINDS[facts.kind]}${context}`);
  const layers = table(
    [{ title: "layer" }, { title: "output" }, { title: "parameters", align: "right" }],
    facts.layers.map(({ layer, depth, output, parameters }) => [
      "  ".repeat(depth) + layerText(layer),
      output,
      parameters.size === 0 ? "" : textOf(parameters),
    ]),
  );
  const count = numberOf(filled(facts.parameters, sizes));
  const formula = textOf(facts.parameters);
  const total =
    count === null || numberOf(facts.parameters) !== null ? formula : `${grouped(count)} = ${formula}`;
  return [head, "", layers, "", `parameters  ${total}`, ...memoryLines(described)].join("\n");
}

function memoryLines({ facts, memory, rows, sizes }: Described): string[] {
  if (memory === null) return [];
  const context = facts.context === null ? "" : ` × ${textOf(filled(facts.context, sizes))} tokens`;
  return [
    `weights     ${bytes(memory.weights)}`,
    `training    ${bytes(memory.learning)} for weights, gradients and AdamW's moments, and about ` +
      `${bytes(memory.activations)} for a batch of ${rows}${context}`,
  ];
}

const grouped = (value: number): string => value.toLocaleString("en-US");

/** `attention 4, causal`: what was given that says most. */
function layerText({ layer, args }: Layer): string {
  const said = Object.entries(args)
    .filter(([name, value]) => SHOWN.has(name) && value !== false && value !== "none" && value !== 0)
    .map(([name, value]) => (value === true ? name : typeof value === "object" ? null : String(value)))
    .filter((text) => text !== null);
  return said.length === 0 ? layer : `${layer} ${said.join(", ")}`;
}

const SHOWN = new Set([
  "count",
  "heads",
  "causal",
  "units",
  "activation",
  "kind",
  "rate",
  "filters",
  "size",
  "tied",
  "shared",
  "by",
]);
