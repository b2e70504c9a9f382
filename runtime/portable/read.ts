/** A model's files from the store. */
import type { Digest, Store } from "../store/types.ts";
import { DamagedModel, readFastBin } from "./fast-bin.ts";
import type { PortableModel } from "./form.ts";
import { type Signature, signature } from "./signature.ts";

/** Names of the three files, as a model step leaves them. */
export const MODEL_FILES = { onnx: "model.onnx", signature: "signature.json", fast: "fast.bin" } as const;

/**
 * Reads and checks a model.
 * @param files digests by name: `signature.json` and `fast.bin` at least
 * @throws DamagedModel, or the store's own errors, when a file is not what was written
 */
export async function readModel(
  store: Store,
  files: Readonly<Record<string, Digest>>,
): Promise<{ model: PortableModel; signature: Signature }> {
  const [fast, json] = await Promise.all([
    store.read(digestOf(files, MODEL_FILES.fast)),
    store.readJson<unknown>(digestOf(files, MODEL_FILES.signature)),
  ]);
  const read = signature.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new DamagedModel(`${issue?.path.join(".")}: ${issue?.message}`, MODEL_FILES.signature);
  }
  return { model: readFastBin(fast), signature: read.data };
}

function digestOf(files: Readonly<Record<string, Digest>>, name: string): Digest {
  const digest = files[name];
  if (digest === undefined) throw new Error(`the model has no ${name}`);
  return digest;
}
