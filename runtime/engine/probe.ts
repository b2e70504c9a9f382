/** The smallest graph that shows that an engine computes: y = x + x. */
import { encodeModel } from "./model-proto.ts";

const VECTOR = { type: "double", dims: ["rows"] } as const;

export const PROBE_MODEL: Uint8Array = encodeModel(
  {
    name: "probe",
    inputs: [{ name: "x", ...VECTOR }],
    outputs: [{ name: "y", ...VECTOR }],
    constants: new Map(),
    nodes: [{ op: "Add", domain: "", inputs: ["x", "x"], outputs: ["y"], attributes: {} }],
  },
  { "": 21 },
);
