/** The layers of a network over columns, and what comes into them. */
import type { Layer } from "../../../language/vocabulary/layer.ts";
import type { NetworkModel } from "../../../stdlib/kinds/model.ts";
import { sizeOf } from "../../graph/graph.ts";
import { ArchitectureError, compileArchitecture, type Network } from "../../network/network.ts";
import type { NetworkInput } from "../../portable/form.ts";
import { NetworkLayerError, stagesOf } from "../../portable/network/stages.ts";
import { columnCount } from "../columns.ts";
import { LearnFailure } from "../fit.ts";
import type { Frame } from "../frame.ts";

export type NetworkOptions = Omit<NetworkModel, "data" | "target" | "seed" | "tune" | "architecture">;

export interface NetworkDesign {
  readonly layers: readonly Layer[];
  readonly input: NetworkInput;
  readonly network: Network;
  /** [inputs] the column of the frame that each number of the input is. */
  readonly order: Int32Array;
}

/**
 * The layers given, or those that `hidden` describes, and behind them one that gives a number for each output, unless
 * the last is that already.
 * @param declared the layers of the model's `architecture`
 * @param columns the data's columns in the order of its schema, which is that of an image's pixels
 * @throws LearnFailure ML5231 for an image of another size than the columns, ML5232 for layers that do not fit
 */
export function designNetwork(
  frame: Frame,
  options: NetworkOptions,
  outputs: number,
  declared: readonly Layer[] | null,
  columns: readonly string[],
): NetworkDesign {
  const input = inputOf(frame, options);
  const order =
    "features" in input
      ? Int32Array.from({ length: input.features }, (_, j) => j)
      : pixelOrder(frame, input, columns);
  const layers = declared === null ? perceptron(options, outputs) : withHead(declared, outputs);
  try {
    const network = compileArchitecture({ layers }, input);
    if (network.kind !== "features")
      throw new ArchitectureError("it reads a text, and a `network` reads columns");
    // What is served must know every layer, too.
    const shapes = network.parameters.map(({ name, shape }) => ({ name, shape }));
    const count = shapes.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    stagesOf({ layers, input, shapes, parameters: new Float32Array(count) });
    return { layers, input, network, order };
  } catch (error) {
    if (!(error instanceof ArchitectureError || error instanceof NetworkLayerError)) throw error;
    throw new LearnFailure({ code: "ML5232", values: { reason: error.message }, pointer: "/architecture" });
  }
}

function inputOf(frame: Frame, { image }: NetworkOptions): NetworkInput {
  const features = columnCount(frame);
  if (image === undefined) return { features };
  const { height, width, channels } = image;
  if (height * width * channels === features) return { channels, height, width };
  throw new LearnFailure({
    code: "ML5231",
    values: {
      image: `${height} × ${width} × ${channels}`,
      numbers: String(height * width * channels),
      columns: String(features),
    },
    pointer: "/image",
  });
}

/** Columns come row by row, each pixel's channels together; the input has them channel by channel. */
function pixelOrder(
  frame: Frame,
  { channels, height, width }: Exclude<NetworkInput, { readonly features: number }>,
  columns: readonly string[],
): Int32Array {
  const places = frame.features.map(({ name }, at) => ({ at, place: columns.indexOf(name) }));
  const unknown = frame.features.find(({ name }) => !columns.includes(name));
  if (unknown !== undefined) {
    throw new LearnFailure({
      code: "ML5232",
      values: { reason: `the column ${unknown.name} is no number of the data, as every pixel must be` },
      pointer: "/image",
    });
  }
  places.sort((a, b) => a.place - b.place);
  const order = new Int32Array(places.length);
  for (let pixel = 0; pixel < height * width; pixel++)
    for (let channel = 0; channel < channels; channel++)
      order[channel * height * width + pixel] = places[pixel * channels + channel]!.at;
  return order;
}

function perceptron({ hidden, activation, dropout }: NetworkOptions, outputs: number): Layer[] {
  return [
    ...hidden.flatMap((units): Layer[] => [
      { layer: "dense", args: { units, activation } },
      ...(dropout > 0 ? [{ layer: "dropout", args: { rate: dropout } }] : []),
    ]),
    { layer: "dense", args: { units: outputs } },
  ];
}

function withHead(layers: readonly Layer[], outputs: number): Layer[] {
  const last = layers.at(-1);
  const plain = (last?.args["activation"] ?? "none") === "none";
  if (last?.layer === "dense" && last.args["units"] === outputs && plain) return [...layers];
  return [...layers, { layer: "dense", args: { units: outputs } }];
}
