/** What callers see of the versions that stand under the releases' aliases now. */
import { readVersion, resolveVersion } from "../../runtime/serve/resolve.ts";
import type { OpenWorkplace } from "../workplace.ts";
import type { FaceOf } from "./faces.ts";

/** Throws StepFailure ML7001 where nothing is released yet. */
export const releasedFace =
  ({ program, store, registry }: OpenWorkplace): FaceOf =>
  async (user, reference) =>
    (await readVersion(store, resolveVersion(program, user, reference, registry), user)).model;
