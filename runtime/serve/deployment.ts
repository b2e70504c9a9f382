/** Carries a deployment out: nothing is started, everything that serving needs is checked and written down. */
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { Deployment } from "../../stdlib/kinds/deployment.ts";
import { addressOf, OPENAI_PATH, sameRoute } from "../../stdlib/reviews/deployment.ts";
import type { StepContext, StepResult } from "../execute/step.ts";
import { StepFailure } from "../execute/step.ts";
import { resolveLanguage, speaksOpenAi } from "./openai/resolve.ts";
import { openApi } from "./openapi.ts";
import { resolveDeployment } from "./resolve.ts";

/**
 * Outputs `deployment.json` (the `Manifest`, or the `LanguageManifest`) and `openapi.json`; summary `{name, release, version, path}`.
 * @throws StepFailure ML7001, ML7003, ML7004, ML7100–ML7103
 */
export async function runDeployment(context: StepContext): Promise<StepResult> {
  const { program, declaration, store, registry } = context;
  assertDistinct(program, declaration);
  if (speaksOpenAi(declaration)) return runLanguage(context);
  const { manifest } = await resolveDeployment(program, declaration, store, registry);
  const { name, release, version, path, port } = manifest;
  return {
    outputs: {
      "deployment.json": await store.put(`${JSON.stringify(manifest, null, 2)}\n`),
      "openapi.json": await store.put(`${JSON.stringify(openApi([manifest]), null, 2)}\n`),
    },
    summary: { name, release, version, path },
    notes: [`${release}@${version} will answer POST ${path} on port ${port}: mlops serve ${program.spec}`],
  };
}

async function runLanguage({ program, declaration, store, registry }: StepContext): Promise<StepResult> {
  const { manifest } = await resolveLanguage(program, declaration, store, registry);
  const { name, release, version, port } = manifest;
  return {
    outputs: {
      "deployment.json": await store.put(`${JSON.stringify(manifest, null, 2)}\n`),
      "openapi.json": await store.put(`${JSON.stringify(openApi([], [manifest]), null, 2)}\n`),
    },
    summary: { name, release, version, path: OPENAI_PATH },
    notes: [
      `${release}@${version} will answer OpenAI's clients as ${name} under ${OPENAI_PATH} on port ${port}: mlops serve ${program.spec}`,
    ],
  };
}

/** Two deployments of one address must differ in their paths. @throws StepFailure ML7004 */
export function assertDistinct(program: Program, declaration: Declaration): void {
  const own = declaration.props as unknown as Deployment;
  const other = program.declarations.find(
    (one) =>
      one.kind === "deployment" &&
      one.id !== declaration.id &&
      sameRoute(addressOf(one.props as unknown as Deployment), addressOf(own)),
  );
  if (other === undefined) return;
  const values = {
    first: declaration.name,
    second: other.name,
    path: addressOf(own).path,
    port: String(own.port),
  };
  throw new StepFailure({ code: "ML7004", values, declaration: declaration.id, pointer: "/path" });
}
