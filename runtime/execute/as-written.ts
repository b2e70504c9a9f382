/** Steps that carry nothing out: others read the declaration as it is written. */
import type { Json } from "../../language/ir/canonical.ts";
import { digestJson } from "../store/hash.ts";
import type { StepExecutor } from "./step.ts";

/**
 * A step whose outcome is what is written, so that an edit runs again what reads it. Names of other declarations are
 * not in it: what they refer to counts with them already, and a rename changes nothing.
 */
export const asWritten = (kind: string): StepExecutor => ({
  kind,
  version: 2,
  load:
    async () =>
    async ({ props }) => ({ outputs: {}, summary: { written: digestJson(withoutNames(props)) } }),
});

const withoutNames = (props: object): Json =>
  JSON.parse(JSON.stringify(props, (name, value: unknown) => (name === "ref" ? undefined : value)));
