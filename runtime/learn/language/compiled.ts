/** A function of a model's parameters and some feeds, ready to be called with other values of both. */
import type { EngineName } from "../../engine/engines.ts";
import { openGraph } from "../../engine/graph-engine.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import type { DType, Shape, TensorData, Value } from "../../graph/graph.ts";

export interface Compiled {
  run(
    parameters: ReadonlyMap<string, TensorData>,
    feeds: Readonly<Record<string, TensorData>>,
  ): Promise<Record<string, TensorData>>;
  release(): Promise<void>;
}

export interface CompiledOptions {
  readonly engine: EngineName | "auto";
  readonly threads: number;
  readonly parameters: readonly { readonly name: string; readonly shape: Shape }[];
  readonly inputs: Readonly<Record<string, { readonly type: DType; readonly shape: Shape }>>;
}

/** Of a parameter's name, so that it is no feed's. */
const PREFIX = "parameter/";

export async function compiled(
  { engine, threads, parameters, inputs }: CompiledOptions,
  build: (
    b: GraphBuilder,
    p: ReadonlyMap<string, Value>,
    inputs: ReadonlyMap<string, Value>,
  ) => Readonly<Record<string, Value>>,
): Promise<Compiled> {
  const b = new GraphBuilder();
  const p = new Map(
    parameters.map(({ name, shape }) => [name, b.input(`${PREFIX}${name}`, "float32", shape)]),
  );
  const given = new Map(
    Object.entries(inputs).map(([name, { type, shape }]) => [name, b.input(name, type, shape)]),
  );
  for (const [name, value] of Object.entries(build(b, p, given))) b.output(name, value);
  const graph = b.graph();
  const needed = new Set(graph.inputs.map(({ name }) => name));
  const executable = await openGraph(engine, graph, { threads });
  return {
    run: (values, feeds) =>
      executable.run({
        ...feeds,
        ...Object.fromEntries(
          parameters.flatMap(({ name }) => {
            const key = `${PREFIX}${name}`;
            const value = values.get(name);
            return value === undefined || !needed.has(key) ? [] : [[key, value]];
          }),
        ),
      }),
    release: () => executable.release(),
  };
}
