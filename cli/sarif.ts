/** Diagnostics as a SARIF 2.1.0 log (OASIS, 2020): what code-scanning services read. */
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { entryOf } from "../language/diagnostics/catalogue.ts";
import type { Cause, Diagnostic, Edit, Range } from "../language/diagnostics/diagnostic.ts";
import { sha256 } from "../language/ir/hash.ts";

export interface SarifOptions {
  /** The folder that the diagnostics' paths are relative to. */
  readonly cwd: string;
  readonly version: string;
  /** The Markdown page of a code; null where there is none. */
  page(code: string): string | null;
  /** One line of a file, for fingerprints that survive moving; empty where there is none. */
  line(file: string, number: number): string;
}

type Json = Readonly<Record<string, unknown>>;

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
const ROOT = "%SRCROOT%";
const LEVELS: Readonly<Record<Diagnostic["severity"], string>> = {
  error: "error",
  warning: "warning",
  info: "note",
};

/** One run of `mlops check`. Rules are the codes that were found, with their pages as help. */
export function sarifLog(diagnostics: readonly Diagnostic[], options: SarifOptions): Json {
  const codes = [...new Set(diagnostics.map((found) => found.code))].sort();
  const place = placer(options.cwd);
  const seen = new Map<string, number>();
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "mlops",
            version: options.version,
            semanticVersion: options.version,
            rules: codes.map((code) => ruleOf(code, options.page(code))),
          },
        },
        invocations: [{ executionSuccessful: true }],
        originalUriBaseIds: { [ROOT]: { description: { text: "The root of the repository." } } },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((found) => {
          const text = options.line(found.file, found.range.line);
          return {
            ruleId: found.code,
            ruleIndex: codes.indexOf(found.code),
            level: LEVELS[found.severity],
            message: { text: found.message },
            locations: [place(found.file, found.range)],
            ...relatedOf(found, place),
            ...fixesOf(found, place),
            partialFingerprints: { "mlops/v1": fingerprint(found, text, seen) },
            ...propertiesOf(found),
          };
        }),
      },
    ],
  };
}

function propertiesOf({ help, details }: Diagnostic): Json {
  const properties = { ...(help === null ? {} : { help }), ...(details === undefined ? {} : { details }) };
  return Object.keys(properties).length === 0 ? {} : { properties };
}

/** `# ML2005: no such attribute` and the paragraphs under it, as a rule. */
function ruleOf(code: string, page: string | null): Json {
  const { severity, message, help } = entryOf(code);
  const [, title, intro] = /^# \w+: (.*)\n+((?:.+\n?)*)/.exec(page ?? "") ?? [];
  const explained = page ?? [message, help].filter(Boolean).join("\n\n");
  return {
    id: code,
    shortDescription: { text: capital(title ?? message) },
    fullDescription: { text: intro?.trim().replaceAll("\n", " ") || message },
    help: { text: explained, markdown: explained },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

type Placer = (file: string, range: Range) => Json & { readonly physicalLocation: Json };

/** Locations relative to the repository around `cwd`, or to `cwd` where there is none. */
function placer(cwd: string): Placer {
  const root = repositoryOf(cwd) ?? cwd;
  return (file, range) => ({
    physicalLocation: { artifactLocation: artifact(root, cwd, file), region: regionOf(range) },
  });
}

function artifact(root: string, cwd: string, file: string): Json {
  // What comes with the language lies in no repository of its user's: `std:gates.mlops` is a URI as it stands.
  if (file.startsWith("std:")) return { uri: encodeURI(file) };
  const path = resolve(cwd, file);
  const inside = relative(root, path);
  if (inside.startsWith("..")) return { uri: pathToFileURL(path).href };
  return { uri: inside.split(sep).map(encodeURIComponent).join("/"), uriBaseId: ROOT };
}

function repositoryOf(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return null;
  }
}

/** Columns count alike here and in SARIF: from 1, the end exclusive. */
const regionOf = ({ line, column, endLine, endColumn }: Range): Json => ({
  startLine: line,
  startColumn: column,
  endLine,
  endColumn,
});

function relatedOf(found: Diagnostic, place: Placer): Json {
  const places = [
    ...found.related,
    ...causesOf(found).map(({ code, message, file, range }) => ({
      message: `because ${code}: ${message}`,
      file,
      range,
    })),
  ];
  if (places.length === 0) return {};
  return {
    relatedLocations: places.map(({ message, file, range }, id) => ({
      id,
      message: { text: message },
      ...place(file, range),
    })),
  };
}

function causesOf({ because }: Pick<Diagnostic, "because">): readonly Cause[] {
  return because === undefined ? [] : [because, ...causesOf(because)];
}

function fixesOf(found: Diagnostic, place: Placer): Json {
  if (found.fixes.length === 0) return {};
  const changes = (edits: readonly Edit[]) =>
    [...new Set(edits.map((edit) => edit.file))].map((file) => {
      const own = edits.filter((edit) => edit.file === file);
      const first = own[0]!; // the file was taken from an edit
      return {
        artifactLocation: place(file, first.range).physicalLocation["artifactLocation"],
        replacements: own.map((edit) => ({
          deletedRegion: regionOf(edit.range),
          insertedContent: { text: edit.text },
        })),
      };
    });
  return {
    fixes: found.fixes.map((fix) => ({
      description: { text: fix.title },
      artifactChanges: changes(fix.edits),
    })),
  };
}

/** The same while the line's own text is, wherever the line moves; equal lines are told apart by their order. */
function fingerprint(found: Diagnostic, line: string, seen: Map<string, number>): string {
  const hash = sha256(JSON.stringify([found.code, found.file, line.trim(), found.message])).slice(0, 32);
  const count = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, count);
  return `${hash}:${count}`;
}
