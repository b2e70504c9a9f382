/** `mlops run` also writes its run to MLflow, when MLflow's own environment variables name a server. */
import type { Program } from "../language/ir/program.ts";
import type { RunOutcome } from "../runtime/execute/run.ts";
import type { Json } from "../runtime/execute/step.ts";
import type { Store } from "../runtime/store/types.ts";
import type { MlflowServer, TrackedRun } from "../runtime/track/mlflow.ts";

/** From `MLFLOW_TRACKING_URI`, `MLFLOW_EXPERIMENT_NAME` (the spec's name when not given), `MLFLOW_TRACKING_TOKEN`. */
export function mlflowServer(environment: NodeJS.ProcessEnv, spec: string): MlflowServer | null {
  const url = environment["MLFLOW_TRACKING_URI"];
  if (url === undefined || !/^https?:\/\//.test(url)) return null;
  const experiment =
    environment["MLFLOW_EXPERIMENT_NAME"] ?? spec.replace(/^.*\//, "").replace(/\.mlops$/, "");
  return { url, experiment, token: environment["MLFLOW_TRACKING_TOKEN"] ?? null };
}

/** The run as MLflow keeps one: parameters, metrics, tags, and every artifact but rows. */
export function trackedRun(
  program: Program,
  { report, steps }: RunOutcome,
  started: number,
  store: Store,
): TrackedRun {
  const metrics: Record<string, number> = {};
  for (const [evaluation, values] of Object.entries(report.metrics)) {
    for (const [metric, value] of Object.entries(values)) {
      if (typeof value === "number") metrics[`${evaluation}.${metric}`] = value;
    }
  }
  return {
    name: report.run,
    status: report.status,
    started,
    finished: Date.now(),
    params: { ...texts(program.params), ...modelParams(program) },
    metrics,
    tags: {
      "mlflow.source.name": program.spec,
      "mlops.program": program.hash,
      ...Object.fromEntries(
        Object.entries(report.gates).map(([name, gate]) => [`mlops.gate.${name}`, gate.status]),
      ),
    },
    artifacts: steps.flatMap(({ name, result }) =>
      Object.entries(result?.outputs ?? {})
        .filter(([output]) => output !== "rows")
        .map(([output, digest]) => ({ path: `${name}/${output}`, read: () => store.read(digest) })),
    ),
  };
}

const texts = (values: Readonly<Record<string, Json>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

/** `scorer.depth`: what each model was made with. */
function modelParams(program: Program): Record<string, string> {
  const params: Record<string, string> = {};
  for (const { kind, name, variant, props } of program.declarations) {
    if (kind !== "model") continue;
    params[`${name}.variant`] = variant ?? kind;
    for (const [attribute, value] of Object.entries(texts(props))) params[`${name}.${attribute}`] = value;
  }
  return params;
}
