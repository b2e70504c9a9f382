/**
 * The registry: immutable, numbered versions under registered names, aliases that point at them, and the ledger
 * that remembers. Safe for many processes: each change is one exclusive transaction over what all have written.
 */
import type { RegisteredVersion, RegistryReader } from "../execute/step.ts";
import { openDatabase } from "../store/database.ts";
import type { Digest } from "../store/types.ts";
import { type AliasEntry, Ledger, type LedgerEntry, type LedgerProblem } from "./ledger.ts";
import { modelDigest } from "./manifest.ts";

/** A version as the ledger holds it. */
export interface Version extends RegisteredVersion {
  readonly threshold: number | null;
  readonly metrics: Readonly<Record<string, number | null>>;
  /** ISO 8601, UTC. */
  readonly registered: string;
  readonly by: string;
}

export interface RegisteredModel {
  readonly name: string;
  /** Ascending. */
  readonly versions: readonly Version[];
  /** Version numbers by alias. */
  readonly aliases: Readonly<Record<string, number>>;
}

export interface NewVersion {
  readonly name: string;
  readonly files: Readonly<Record<string, Digest>>;
  readonly threshold: number | null;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly by: string;
}

export interface AliasMove {
  readonly version: number;
  /** What the alias held before; null when it is new. */
  readonly previous: number | null;
  /** False when the alias already pointed there: nothing was written. */
  readonly moved: boolean;
}

/** What a caller asked of the registry cannot be done; `code` is of the diagnostics catalogue. */
export class RegistryRefusal extends Error {
  readonly code: "ML6030" | "ML6031" | "ML6032";
  readonly values: Readonly<Record<string, string>>;
  constructor(code: RegistryRefusal["code"], values: Readonly<Record<string, string>>) {
    super(`${code} ${Object.values(values).join(", ")}`);
    this.name = "RegistryRefusal";
    this.code = code;
    this.values = values;
  }
}

interface State {
  readonly versions: Version[];
  readonly aliases: Map<string, Alias>;
}

interface Alias {
  /** Versions that it has held, oldest first; a rollback takes the newest away. */
  readonly held: readonly number[];
  /** How it came to hold the newest. */
  readonly moved: AliasEntry["action"];
}

export class Registry implements RegistryReader, Disposable {
  readonly #ledger: Ledger;
  readonly #close: () => void;
  readonly #now: () => Date;
  readonly #models = new Map<string, State>();
  #read = 0;

  /** `now` stamps the ledger's entries. */
  constructor(root: string, now: () => Date = () => new Date()) {
    const database = openDatabase(root);
    this.#close = () => database.close();
    this.#ledger = new Ledger(database);
    this.#now = now;
  }

  close(): void {
    this.#close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Adds a version; the same files with the same threshold are the version they already are. */
  register(version: NewVersion): Version {
    return this.#write(() => this.#register(version));
  }

  /** Registers and moves the alias in one transaction. */
  release(version: NewVersion, alias: string): Version & AliasMove {
    return this.#write(() => {
      const registered = this.#register(version);
      return { ...registered, ...this.#point("release", registered, alias, version.by) };
    });
  }

  /** Points an alias at a version. */
  promote(name: string, version: number, alias: string, by: string): AliasMove {
    return this.#write(() => {
      return this.#point("promote", this.#version(name, version), alias, by);
    });
  }

  /** Points an alias back at what it held before. */
  rollback(name: string, alias: string, by: string): AliasMove {
    return this.#write(() => {
      const held = this.#held(name, alias);
      const [version, previous] = [held.at(-2), held.at(-1)];
      if (version === undefined || previous === undefined) {
        const found = previous === undefined ? "points at nothing" : `has held no version before ${previous}`;
        throw new RegistryRefusal("ML6032", { alias, name, found });
      }
      this.#append({ action: "rollback", by, name, version, alias, previous });
      return { version, previous, moved: true };
    });
  }

  /** The version that an alias (text) or a number means; null when there is none. */
  resolve(name: string, reference: string | number): Version | null {
    this.#refresh();
    const state = this.#models.get(name);
    const number = typeof reference === "number" ? reference : state?.aliases.get(reference)?.held.at(-1);
    return state?.versions.find((version) => version.version === number) ?? null;
  }

  champion(name: string, alias: string, candidate: Digest | null): Version | null {
    this.#refresh();
    const state = this.#models.get(name);
    const held = state?.aliases.get(alias)?.held ?? [];
    for (const number of held.toReversed()) {
      const version = state?.versions.find((one) => one.version === number);
      if (version !== undefined && version.model !== candidate) return version;
    }
    return null;
  }

  /** How an alias came to point where it points; null when it points nowhere. */
  moved(name: string, alias: string): AliasEntry["action"] | null {
    this.#refresh();
    return this.#models.get(name)?.aliases.get(alias)?.moved ?? null;
  }

  /** Every registered name, in alphabetical order. */
  list(): RegisteredModel[] {
    this.#refresh();
    return [...this.#models.keys()].sort().map((name) => this.show(name));
  }

  /** One registered name; refuses one that does not exist. */
  show(name: string): RegisteredModel {
    this.#refresh();
    const { versions, aliases } = this.#model(name);
    const now = [...aliases].flatMap(([alias, { held }]) =>
      held.slice(-1).map((version) => [alias, version] as const),
    );
    return { name, versions: [...versions], aliases: Object.fromEntries(now.sort()) };
  }

  /** The ledger's entries of a name (or all), oldest first. */
  history(name?: string): LedgerEntry[] {
    const entries = this.#ledger.read(0);
    if (name === undefined) return entries;
    this.#refresh();
    this.#model(name);
    return entries.filter((entry) => entry.name === name);
  }

  /** The first entry of the ledger that was tampered with; null when all are as written. */
  verify(): LedgerProblem | null {
    return this.#ledger.verify();
  }

  #register(version: NewVersion): Version {
    this.#refresh();
    const model = modelDigest(version.files);
    const versions = this.#models.get(version.name)?.versions ?? [];
    const same = versions.find((one) => one.model === model && one.threshold === version.threshold);
    if (same !== undefined) return same;
    const { name, files, threshold, metrics, by } = version;
    const number = versions.length + 1;
    this.#append({ action: "register", by, name, version: number, model, files, threshold, metrics });
    return this.#version(name, number);
  }

  #point(
    action: "release" | "promote",
    { name, version }: RegisteredVersion,
    alias: string,
    by: string,
  ): AliasMove {
    const held = this.#held(name, alias);
    if (held.at(-1) === version) return { version, previous: held.at(-2) ?? null, moved: false };
    const previous = held.at(-1) ?? null;
    this.#append({ action, by, name, version, alias, previous });
    return { version, previous, moved: true };
  }

  #held(name: string, alias: string): readonly number[] {
    return this.#model(name).aliases.get(alias)?.held ?? [];
  }

  /** One transaction; when it fails, what it had added to the state in memory is forgotten. */
  #write<T>(work: () => T): T {
    try {
      return this.#ledger.write(work);
    } catch (error) {
      this.#models.clear();
      this.#read = 0;
      throw error;
    }
  }

  #append(entry: Parameters<Ledger["append"]>[0]): void {
    this.#ledger.append(entry, this.#now());
    this.#refresh();
  }

  #model(name: string): State {
    this.#refresh();
    const state = this.#models.get(name);
    if (state !== undefined) return state;
    const names = [...this.#models.keys()].sort();
    throw new RegistryRefusal("ML6030", {
      name,
      known: names.length === 0 ? "" : ` (it has ${names.join(", ")})`,
    });
  }

  #version(name: string, number: number): Version {
    const { versions } = this.#model(name);
    const version = versions[number - 1];
    if (version !== undefined) return version;
    const all = versions.map((one) => one.version).join(", ");
    throw new RegistryRefusal("ML6031", { name, version: String(number), versions: all });
  }

  /** Takes in what any process has appended since the last look. */
  #refresh(): void {
    for (const entry of this.#ledger.read(this.#read)) {
      this.#apply(entry);
      this.#read = entry.entry;
    }
  }

  #apply(entry: LedgerEntry): void {
    const state = this.#models.get(entry.name) ?? { versions: [], aliases: new Map<string, Alias>() };
    this.#models.set(entry.name, state);
    if (entry.action === "register") {
      const { name, version, model, files, threshold, metrics, at, by } = entry;
      state.versions.push({ name, version, model, files, threshold, metrics, registered: at, by });
      return;
    }
    const held = state.aliases.get(entry.alias)?.held ?? [];
    const now = entry.action === "rollback" ? held.slice(0, -1) : [...held, entry.version];
    state.aliases.set(entry.alias, { held: now, moved: entry.action });
  }
}

/** Opens the registry in the state folder `root` (`.mlops`); the caller closes it. */
export function openRegistry(root: string, now?: () => Date): Registry {
  return new Registry(root, now);
}
