/** Products and movements, in float64. */
import { sizeOf } from "../graph.ts";
import { flag, list, real, whole } from "../ops/rule.ts";
import { broadcastIndex, dot, eachPlace, type ReferenceRule, strides } from "./tensor.ts";

export const LINEAR: Readonly<Record<string, ReferenceRule>> = {
  matmul: ([a, b], attributes, shape) => {
    const swapA = flag(attributes, "transposeA");
    const swapB = flag(attributes, "transposeB");
    const scale = real(attributes, "scale");
    const [rows, columns] = shape.slice(-2) as [number, number];
    const inner = a!.shape[a!.shape.length - (swapA ? 2 : 1)]!;
    const batch = shape.slice(0, -2);
    const result = new Float64Array(sizeOf(shape));
    const batches = (x: typeof a): number[] => x!.shape.slice(0, -2) as number[];
    eachPlace(batch, (place, flat) => {
      const fromA = broadcastIndex(batches(a), place) * rows * inner;
      const fromB = broadcastIndex(batches(b), place) * inner * columns;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          let sum = 0;
          for (let k = 0; k < inner; k++) {
            const left = a!.data[fromA + (swapA ? k * rows + i : i * inner + k)]!;
            sum += left * b!.data[fromB + (swapB ? j * inner + k : k * columns + j)]!;
          }
          result[(flat * rows + i) * columns + j] = scale * sum;
        }
      }
    });
    return result;
  },
  transpose: ([x], attributes, shape) => {
    const steps = strides(x!.shape);
    const moved = list(attributes, "order").map((axis) => steps[axis]!);
    const result = new Float64Array(sizeOf(shape));
    eachPlace(shape, (place, flat) => {
      result[flat] = x!.data[dot(place, moved)]!;
    });
    return result;
  },
  reshape: ([x]) => x!.data,
  broadcastTo: ([x], _, shape) => {
    const result = new Float64Array(sizeOf(shape));
    eachPlace(shape, (place, flat) => {
      result[flat] = x!.data[broadcastIndex(x!.shape, place)]!;
    });
    return result;
  },
  slice: ([x], attributes, shape) => {
    const steps = strides(x!.shape);
    const offset = whole(attributes, "start") * steps[whole(attributes, "axis")]!;
    const result = new Float64Array(sizeOf(shape));
    eachPlace(shape, (place, flat) => {
      result[flat] = x!.data[offset + dot(place, steps)]!;
    });
    return result;
  },
  pad: ([x], attributes, shape) => {
    const steps = strides(shape);
    const offset = whole(attributes, "before") * steps[whole(attributes, "axis")]!;
    const result = new Float64Array(sizeOf(shape));
    eachPlace(x!.shape, (place, flat) => {
      result[offset + dot(place, steps)] = x!.data[flat]!;
    });
    return result;
  },
  concat: (inputs, attributes, shape) => {
    const axis = whole(attributes, "axis");
    const steps = strides(shape);
    const result = new Float64Array(sizeOf(shape));
    let offset = 0;
    for (const input of inputs) {
      eachPlace(input.shape, (place, flat) => {
        result[offset + dot(place, steps)] = input.data[flat]!;
      });
      offset += input.shape[axis]! * steps[axis]!;
    }
    return result;
  },
};
