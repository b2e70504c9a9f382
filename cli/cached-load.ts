/**
 * A checked spec, from the last time where neither it nor mlops has changed: what `plan` needs of a spec without
 * loading the grammar, the vocabulary and the checker. Everything in the cache is derived, and safe to delete.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "../language/diagnostics/diagnostic.ts";
import type { Program } from "../language/ir/program.ts";
import type { Template } from "../runtime/plan/template.ts";
import { digestBytes } from "../runtime/store/hash.ts";
import type { Invocation, Loaded, Settings } from "./command.ts";
import { stateOf } from "./project.ts";

export interface Prepared extends Loaded {
  readonly templates: ReadonlyMap<string, Template>;
}

interface Entry {
  /** Of mlops itself, of the folder and of what was asked. */
  readonly asked: string;
  /** Digests of all files that were read, by absolute path; null for one that was not there. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
  readonly templates: Readonly<Record<string, Template>>;
}

/**
 * Null when the spec has errors: they are printed. `code` stands for the program that checks: what another one has
 * kept is not used, and with null nothing is kept.
 */
export async function loadPrepared(
  invocation: Invocation,
  spec: string,
  settings: Settings,
  code: string | null = fingerprint(),
): Promise<Prepared | null> {
  const path = resolve(invocation.cwd, spec);
  const project = dirname(path);
  const asked = code === null ? null : digestBytes(JSON.stringify([code, invocation.cwd, path, settings]));
  const cache = join(stateOf(project), "checked", `${basename(path)}.json`);
  const kept = asked === null ? null : readEntry(cache, asked);
  const entry = kept ?? (await check(invocation, path, settings, asked ?? ""));
  if (entry === null) return null;
  if (kept !== null && kept.diagnostics.length > 0 && !invocation.json) {
    const { printDiagnostics } = await import("./load.ts");
    printDiagnostics(invocation, kept.diagnostics);
  }
  if (kept === null && asked !== null) keep(cache, entry);
  return { program: entry.program, project, spec: path, templates: new Map(Object.entries(entry.templates)) };
}

/**
 * Digest of the bundle's entry, in which the names of all its parts stand, and those hold digests of their contents.
 * Null when started from the sources, whose state cannot be told from one file: then nothing is cached.
 */
function fingerprint(): string | null {
  const here = fileURLToPath(import.meta.url);
  const folder = dirname(here).endsWith("chunks") ? dirname(dirname(here)) : dirname(here);
  const bundle = join(folder, "mlops.js");
  try {
    return here.endsWith(".js") ? digestBytes(readFileSync(bundle)) : null;
  } catch {
    return null;
  }
}

function digestOf(path: string): string | null {
  try {
    return digestBytes(readFileSync(path));
  } catch {
    return null;
  }
}

function readEntry(cache: string, asked: string): Entry | null {
  try {
    // Written by `keep` of this very build: the digest in `asked` says so.
    const entry = JSON.parse(readFileSync(cache, "utf8")) as Entry;
    if (entry.asked !== asked) return null;
    return Object.entries(entry.files).every(([path, digest]) => digestOf(path) === digest) ? entry : null;
  } catch {
    return null;
  }
}

async function check(
  invocation: Invocation,
  path: string,
  settings: Settings,
  asked: string,
): Promise<Entry | null> {
  const { compileFile, placeOf, printDiagnostics, readSettings, readText, templateOf, schemaOf, vocabulary } =
    await import("./checking.ts");
  const values = readSettings(invocation.terminal, settings);
  if (values === null) return null;
  const files: Record<string, string | null> = {};
  const read = (file: string): string | null => {
    const absolute = placeOf(invocation.cwd, file);
    const text = readText(absolute);
    files[absolute] = text === null ? null : digestBytes(text);
    return text;
  };
  const { program, diagnostics, more } = await compileFile(invocation.cwd, path, values, { read });
  if (program === null || !invocation.json) printDiagnostics(invocation, diagnostics, more);
  if (program === null) return null;
  const hashes = new Map(program.declarations.map(({ id, hash }) => [id, hash]));
  const templates = program.declarations.map((declaration) => {
    const schema = schemaOf(vocabulary.kinds, declaration);
    return [declaration.id, templateOf(declaration, schema, (id) => hashes.get(id) ?? "")] as const;
  });
  return { asked, files, program, diagnostics, templates: Object.fromEntries(templates) };
}

/** A cache that cannot be written is none. */
function keep(cache: string, entry: Entry): void {
  const temporary = `${cache}.${process.pid}`;
  try {
    mkdirSync(dirname(cache), { recursive: true });
    writeFileSync(temporary, JSON.stringify(entry));
    renameSync(temporary, cache);
  } catch {
    rmSync(temporary, { force: true });
  }
}
