/** What a deployment pins: everything a caller and an operator need to know of it, without the model itself. */
import type { Deployment } from "../../stdlib/kinds/deployment.ts";
import type { PortableModel } from "../portable/form.ts";
import type { Digest } from "../store/types.ts";
import { type ExampleRow, requestSchema, responseSchema, rowSchema } from "./schema.ts";

/** Limits of one deployment, in bytes, rows, requests a second and seconds. */
export interface Limits {
  readonly body: number;
  readonly batch: number;
  /** Null is no limit. */
  readonly rate: number | null;
  readonly drain: number;
}

export interface Manifest {
  readonly format: 1;
  /** The deployment's name outside. */
  readonly name: string;
  /** The registered name of the model, its version and the alias that was asked for. */
  readonly release: string;
  readonly version: number;
  readonly alias: string;
  /** Digest of the version's manifest in the registry. */
  readonly model: Digest;
  readonly path: string;
  readonly host: string;
  readonly port: number;
  /** Name of the secret with the bearer token; never its value. */
  readonly token: string | null;
  readonly limits: Limits;
  readonly missing: "impute" | "refuse";
  readonly task: PortableModel["task"];
  readonly target: string;
  readonly classes: readonly string[];
  readonly threshold: number;
  /** A row that the model answers; redacted columns hold a stand-in. */
  readonly example: ExampleRow;
  /** JSON Schema 2020-12. */
  readonly request: object;
  readonly response: object;
}

/** The version that a deployment serves. */
export interface PinnedVersion {
  readonly name: string;
  readonly version: number;
  readonly alias: string;
  readonly model: Digest;
}

/**
 * @param name the deployment's name outside
 * @param pinned the registered version
 * @param example one row as a caller would send it
 */
export function makeManifest(
  name: string,
  props: Deployment,
  pinned: PinnedVersion,
  model: PortableModel,
  example: ExampleRow,
): Manifest {
  return {
    format: 1,
    name,
    release: pinned.name,
    version: pinned.version,
    alias: pinned.alias,
    model: pinned.model,
    path: props.path,
    host: props.host,
    port: props.port,
    token: props.token?.secret ?? null,
    limits: {
      body: props.body_limit,
      batch: props.batch_limit,
      rate: props.rate_limit ?? null,
      drain: props.drain,
    },
    missing: props.missing,
    task: model.task,
    target: model.target,
    classes: model.classes,
    threshold: model.threshold,
    example,
    request: requestSchema(rowSchema(model, props.missing), props.batch_limit),
    response: responseSchema(model),
  };
}
