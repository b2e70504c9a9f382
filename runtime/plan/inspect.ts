/** Looks at one step: its key, whether an earlier result serves, and if not, exactly why. */
import { relative, resolve, sep } from "node:path";
import type { Json } from "../../language/ir/canonical.ts";
import { spoken, upstreamOf } from "../../language/ir/order.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { Externals, RegistryReader, StepExecutor, StepResult } from "../execute/step.ts";
import { FileDigests } from "../store/files.ts";
import { digestJson } from "../store/hash.ts";
import { type StepBasis, type StepRecord, StepRecords } from "../store/records.ts";
import type { LocalStore } from "../store/store.ts";
import type { Digest } from "../store/types.ts";
import type { Kinds } from "./meaning.ts";
import { basisChanges } from "./reasons.ts";
import { digestOfGaps, fillTemplate, type Template } from "./template.ts";

export type Executors = ReadonlyMap<string, StepExecutor>;

/** What planning and running a program need. */
export interface Workplace {
  readonly program: Program;
  /** Absolute folder that relative paths of the spec are relative to. */
  readonly project: string;
  readonly store: LocalStore;
  readonly registry: RegistryReader;
  readonly executors: Executors;
  /** The kinds of stdlib, whose schemas say which order has a meaning. */
  readonly kinds: Kinds | (() => Promise<Kinds>);
  /** The meaning of every declaration by id, where it is at hand; otherwise it is made from `kinds`. */
  readonly templates?: ReadonlyMap<string, Template>;
}

/** A step with a result, as later steps see it. */
export interface Seen {
  readonly result: StepResult;
  /** Digest of all that can be seen through this step: its own outcome and what it names. */
  readonly visible: Digest;
}

export interface Inspection {
  readonly key: Digest;
  /** What the key was made of; `attributes` are asked of the inspector. */
  readonly basis: Omit<StepBasis, "attributes">;
  /** A result that serves as it is; null when the step must be carried out. */
  readonly record: StepRecord | null;
  /** For a reused step why it may be; else every reason against. */
  readonly why: readonly string[];
  /** It was carried out with this very key and said no. */
  readonly refused: StepRecord | null;
  /** The record is the one that this very declaration had the last time. */
  readonly latest: boolean;
  /** When the record that does not serve was written (milliseconds since 1970); null when there is none. */
  readonly stale: number | null;
  /** The last time that this declaration was carried out, whatever it was called then. */
  readonly previous: StepRecord | null;
  /** Outputs whose bytes have changed since they were written. */
  readonly damaged: readonly { readonly name: string; readonly digest: Digest }[];
}

export class Inspector {
  readonly place: Workplace;
  readonly records: StepRecords;
  readonly #files: FileDigests;
  readonly #latest: ReadonlyMap<string, StepRecord>;
  readonly #byKey = new Map<Digest, StepRecord>();
  readonly #declarations: ReadonlyMap<string, Declaration>;
  /** Records of declarations that the program no longer has under that name. */
  readonly #gone: readonly StepRecord[];

  constructor(place: Workplace) {
    this.place = place;
    this.records = new StepRecords(place.store.database);
    this.#files = new FileDigests(place.store.database);
    this.#latest = this.records.latest(place.program.spec);
    for (const record of this.#latest.values()) this.#byKey.set(record.key, record);
    this.#declarations = new Map(
      place.program.declarations.map((declaration) => [declaration.id, declaration]),
    );
    this.#gone = [...this.#latest].filter(([id]) => !this.#declarations.has(id)).map(([, record]) => record);
  }

  /** The declaration's meaning with nothing of what it names: the same whatever anything is called. */
  async meaning(declaration: Declaration): Promise<Digest> {
    return digestOfGaps(await this.#template(declaration));
  }

  async #template(declaration: Declaration): Promise<Template> {
    const known = this.place.templates?.get(declaration.id);
    if (known !== undefined) return known;
    const { schemaOf, templateOf } = await import("./meaning.ts");
    const schema = schemaOf(await this.#kinds(), declaration);
    return templateOf(declaration, schema, (id) => this.#declarations.get(id)?.hash ?? "");
  }

  async #kinds(): Promise<Kinds> {
    const { kinds } = this.place;
    return typeof kinds === "function" ? await kinds() : kinds;
  }

  /** The declaration's attributes as texts; loaded when asked for, as a plan in which nothing changed needs none. */
  async attributes(declaration: Declaration): Promise<StepBasis["attributes"]> {
    const [{ attributesOf }, { schemaOf }] = await Promise.all([
      import("./attributes.ts"),
      import("./meaning.ts"),
    ]);
    return attributesOf(declaration, schemaOf(await this.#kinds(), declaration));
  }

  /** The last record of a declaration; of one that was renamed, the record that fits and that no other name has. */
  async previous(declaration: Declaration): Promise<StepRecord | null> {
    const own = this.#latest.get(declaration.id);
    if (own !== undefined) return own;
    const { kind, variant } = declaration;
    const alike = this.#gone.filter((one) => one.kind === kind && one.variant === variant);
    const meaning = alike.length === 0 ? null : await this.meaning(declaration);
    return alike.find((one) => one.meaning === meaning) ?? (alike.length === 1 ? alike[0]! : null);
  }

  /** Reasons that can be known before the steps above have run. */
  async changesOf(declaration: Declaration): Promise<string[]> {
    const previous = await this.previous(declaration);
    if (previous === null) return ["first run"];
    const { files, facts } = previous.basis;
    const executor = this.#executor(declaration).version;
    const attributes = await this.attributes(declaration);
    return basisChanges(previous.basis, { executor, attributes, inputs: null, files, facts });
  }

  /** `seen` holds everything that the declaration refers to, directly or not. */
  async inspect(declaration: Declaration, seen: ReadonlyMap<string, Seen>): Promise<Inspection> {
    const executor = this.#executor(declaration);
    const externals = await this.#externals(declaration, executor, seen);
    const inputs: Record<string, Digest> = {};
    for (const ref of declaration.refs) inputs[ref] = seen.get(ref)!.visible;
    const key = digestJson({
      executor: executor.version,
      files: Object.values(externals.files),
      facts: externals.facts,
      meaning: fillTemplate(await this.#template(declaration), (id) => inputs[id]!),
    });
    const basis = { executor: executor.version, inputs, ...externals };
    const found = this.#byKey.get(key) ?? this.records.get(key);
    const previous = await this.previous(declaration);
    const nothing = {
      key,
      basis,
      record: null,
      refused: null,
      latest: this.#latest.get(declaration.id)?.key === key,
      stale: found?.finished ?? null,
      previous,
      damaged: [],
    };
    if (found === null || found === undefined) {
      if (previous === null) return { ...nothing, why: ["first run"] };
      const attributes = await this.attributes(declaration);
      const changes = basisChanges(previous.basis, { ...basis, attributes });
      return { ...nothing, why: changes.length > 0 ? changes : ["something that it reads changed"] };
    }
    if ((found.result.verdict ?? "passed") !== "passed") {
      return { ...nothing, why: [`it ${found.result.verdict} last time`], refused: found };
    }
    const gone: string[] = [];
    const damaged: { name: string; digest: Digest }[] = [];
    for (const [name, digest] of Object.entries(found.result.outputs)) {
      const state = this.place.store.check(digest);
      if (state === "damaged") damaged.push({ name, digest });
      if (state !== "whole")
        gone.push(`its artifact ${name} is ${state === "damaged" ? "damaged" : "gone"} (${digest})`);
    }
    if (gone.length > 0) return { ...nothing, why: gone, damaged };
    if (executor.effectPresent?.(this.#context(declaration), found.result) === false) {
      return { ...nothing, why: ["what it left outside is gone"] };
    }
    return { ...nothing, record: found, why: [this.#unchanged(found, declaration)] };
  }

  /** Results of everything that a declaration refers to, directly or not. */
  inputsOf(declaration: Declaration, seen: ReadonlyMap<string, Seen>): Map<string, StepResult> {
    const inputs = new Map<string, StepResult>();
    for (const id of upstreamOf(this.#declarations, declaration)) {
      const above = seen.get(id);
      if (above !== undefined) inputs.set(id, above.result);
    }
    return inputs;
  }

  /** What later steps see of a step whose result is known. */
  see(declaration: Declaration, result: StepResult, outcome: Digest, seen: ReadonlyMap<string, Seen>): Seen {
    const through = declaration.refs.map((ref) => seen.get(ref)!.visible).sort();
    const places = referencePlaces(declaration, (id) => seen.get(id)!.visible);
    return { result, visible: through.length === 0 ? outcome : digestJson({ outcome, through, places }) };
  }

  #unchanged(found: StepRecord, declaration: Declaration): string {
    if (this.#latest.get(declaration.id)?.key === found.key) return "unchanged";
    const renamed = this.#gone.some(({ key }) => key === found.key);
    return renamed
      ? `unchanged since it was ${spoken(found.declaration)}`
      : `as ${spoken(found.declaration)} in run r${found.run}`;
  }

  #executor(declaration: Declaration): StepExecutor {
    const executor = this.place.executors.get(declaration.kind);
    if (executor === undefined) throw new Error(`no executor for ${declaration.kind}`);
    return executor;
  }

  #context(declaration: Declaration) {
    const { program, project, store, registry } = this.place;
    return { program, declaration, props: declaration.props, project, store, registry };
  }

  async #externals(
    declaration: Declaration,
    executor: StepExecutor,
    seen: ReadonlyMap<string, Seen>,
  ): Promise<Pick<StepBasis, "files" | "facts">> {
    if (executor.externals === undefined) return { files: {}, facts: {} };
    const inputsOf = () => this.inputsOf(declaration, seen);
    const externals: Externals = await executor.externals({
      ...this.#context(declaration),
      // Gathered when asked for: most steps have nothing outside that depends on what they read.
      get inputs() {
        return inputsOf();
      },
    });
    const files: Record<string, string> = {};
    for (const path of externals.files ?? []) {
      const absolute = resolve(this.place.project, path);
      const name = relative(this.place.project, absolute).split(sep).join("/");
      files[name] = await this.#files.digest(absolute);
    }
    return { files, facts: { ...externals.facts } };
  }
}

/**
 * Which attribute reads what, without the places inside of lists: two inputs that change places are seen, a list
 * that was reordered is not.
 */
function referencePlaces(declaration: Declaration, visible: (id: string) => Digest): string[] {
  const refs = new Set(declaration.refs);
  const places = new Set<string>();
  const walk = (path: string, value: Json): void => {
    if (Array.isArray(value)) for (const item of value) walk(`${path}/*`, item);
    else if (typeof value === "object" && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        if (name === "ref" && typeof member === "string" && refs.has(member))
          places.add(`${path} ${visible(member)}`);
        else walk(`${path}/${name}`, member);
      }
      const { part } = value as { readonly part?: Json };
      if (typeof part === "string") places.add(`${path} part ${part}`);
    }
  };
  walk("", declaration.props);
  return [...places].sort();
}
