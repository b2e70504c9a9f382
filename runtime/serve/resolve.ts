/** From a spec's deployment to the model that it serves: the version now under the release's alias. */
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import type { Deployment } from "../../stdlib/kinds/deployment.ts";
import type { Release } from "../../stdlib/kinds/release.ts";
import type { RegisteredVersion, RegistryReader } from "../execute/step.ts";
import { StepFailure } from "../execute/step.ts";
import { isLanguageModel } from "../learn/language/load.ts";
import type { PortableModel } from "../portable/form.ts";
import { readModel } from "../portable/read.ts";
import type { Store } from "../store/types.ts";
import { type Manifest, makeManifest } from "./manifest.ts";
import { assertPath } from "./path.ts";
import { exampleRow } from "./schema.ts";
import type { ServedDeployment } from "./serving.ts";

/** What a reference such as `loan_approval.champion` names in the registry. */
export interface ReleaseName {
  readonly declaration: Declaration;
  /** The registered name. */
  readonly name: string;
  readonly alias: string;
}

export function releaseName(program: Program, reference: Reference): ReleaseName {
  const declaration = program.declarations.find((one) => one.id === reference.ref);
  if (declaration === undefined) throw new Error(`no declaration ${reference.ref}`);
  // Lowering applied the kind's schema.
  const { alias } = declaration.props as unknown as Release;
  return { declaration, name: declaration.external ?? declaration.name, alias: reference.part ?? alias };
}

/** The alias's holder as a pinned fact of a plan: another holder makes the step run again. */
export function aliasFact(
  program: Program,
  reference: Reference,
  registry: RegistryReader,
): Record<string, string> {
  const { name, alias } = releaseName(program, reference);
  const version = registry.champion(name, alias, null);
  const pinned =
    version === null ? "none" : `${name}@${version.version} ${version.model} ${version.threshold ?? ""}`;
  return { [`${alias} of ${name}`]: pinned.trim() };
}

/** @throws StepFailure ML7001 when the alias points at nothing yet */
export function resolveVersion(
  program: Program,
  user: Declaration,
  reference: Reference,
  registry: RegistryReader,
): RegisteredVersion & { readonly alias: string } {
  const { name, alias } = releaseName(program, reference);
  const version = registry.champion(name, alias, null);
  if (version === null) {
    throw new StepFailure({
      code: "ML7001",
      values: { spec: program.spec, release: name, alias },
      declaration: user.id,
      pointer: "/release",
    });
  }
  return { ...version, alias };
}

/**
 * Reads a version's model of rows, under the threshold that it was registered with.
 * @param user whose release it is
 * @throws StepFailure ML7101 for a language model
 */
export async function readVersion(
  store: Store,
  version: RegisteredVersion,
  user: Declaration,
): Promise<{ readonly model: PortableModel; readonly golden: Readonly<Record<string, unknown>> | null }> {
  if (isLanguageModel(version.files)) {
    const values = { release: `${version.name}@${version.version}` };
    throw new StepFailure({ code: "ML7101", values, declaration: user.id, pointer: "/release" });
  }
  const { model, signature } = await readModel(store, version.files);
  // The first golden row with the fewest holes makes the best example; the all-missing one the worst.
  const holes = (row: Readonly<Record<string, unknown>>) =>
    Object.values(row).filter((value) => value === null).length;
  const golden = signature.golden.toSorted((a, b) => holes(a.row) - holes(b.row))[0]?.row ?? null;
  return { model: { ...model, threshold: version.threshold ?? model.threshold }, golden };
}

/** Columns by what requests and answers may do with them. */
export interface ColumnRules {
  /** Never repeated in an error, an example or a page. */
  readonly redacted: ReadonlySet<string>;
  /** Of the training data, but not read by the model. */
  readonly ignored: ReadonlySet<string>;
}

/** Collects the declared columns of every dataset that the release's model learnt from. */
export function columnRules(
  program: Program,
  release: Declaration,
  model: Pick<PortableModel, "inputs">,
): ColumnRules {
  const byId = new Map(program.declarations.map((one) => [one.id, one]));
  const seen = new Set<string>();
  const columns: ColumnSchema[] = [];
  const visit = (id: string): void => {
    const declaration = byId.get(id);
    if (declaration === undefined || seen.has(id)) return;
    seen.add(id);
    if (declaration.kind === "dataset")
      columns.push(...((declaration.props["schema"] ?? []) as unknown as ColumnSchema[]));
    for (const ref of declaration.refs) visit(ref);
  };
  visit((release.props as unknown as Release).model.ref);
  const read = new Set(model.inputs.map((input) => input.name));
  return {
    redacted: new Set(columns.filter((column) => column.redacted).map((column) => column.name)),
    ignored: new Set(columns.map((column) => column.name).filter((name) => !read.has(name))),
  };
}

export interface Resolved {
  readonly manifest: Manifest;
  readonly model: PortableModel;
  readonly rules: ColumnRules;
}

/** Everything of a deployment but its secret. Throws StepFailure. */
export async function resolveDeployment(
  program: Program,
  declaration: Declaration,
  store: Store,
  registry: RegistryReader,
): Promise<Resolved> {
  const props = declaration.props as unknown as Deployment;
  assertPath(declaration, props.path);
  const version = resolveVersion(program, declaration, props.release, registry);
  const { model, golden } = await readVersion(store, version, declaration);
  const rules = columnRules(program, releaseName(program, props.release).declaration, model);
  const example = exampleRow(model, golden, rules.redacted);
  const name = declaration.external ?? declaration.name;
  return { manifest: makeManifest(name, props, version, model, example), model, rules };
}

/**
 * A deployment ready for `startServer`, its token read from the environment.
 * @throws StepFailure, ML7002 when the secret is not set
 */
export async function serveDeployment(
  program: Program,
  declaration: Declaration,
  place: {
    readonly store: Store;
    readonly registry: RegistryReader;
    readonly environment: Readonly<Record<string, string | undefined>>;
  },
): Promise<ServedDeployment> {
  const { manifest, model, rules } = await resolveDeployment(
    program,
    declaration,
    place.store,
    place.registry,
  );
  return { manifest, model, ...rules, token: tokenOf(manifest.token, declaration, place.environment) };
}

/**
 * The bearer token's value; null where none is asked for.
 * @param secret its name
 * @throws StepFailure ML7002 when it is not set
 */
export function tokenOf(
  secret: string | null,
  declaration: Declaration,
  environment: Readonly<Record<string, string | undefined>>,
): string | null {
  if (secret === null) return null;
  const token = environment[secret]?.trim() || null;
  if (token !== null) return token;
  throw new StepFailure({
    code: "ML7002",
    values: { secret },
    declaration: declaration.id,
    pointer: "/token",
  });
}
