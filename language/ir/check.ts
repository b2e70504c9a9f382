/** Checks an IR that another tool made: its shape, its references, its hashes, and what kinds say of themselves. */
import { listed, nearest } from "../check/suggest.ts";
import { entryOf, fill, pageOf, sentence } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Related } from "../diagnostics/diagnostic.ts";
import { Lines } from "../diagnostics/lines.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import { Peers } from "../vocabulary/peers.ts";
import { hashAll, hashProgram } from "./hash.ts";
import { deeperThan, type Place, placeOf, placesOf } from "./json-places.ts";
import { placed } from "./lists.ts";
import type { Declaration, Program } from "./program.ts";
import { type FoundReference, type IrIssue, type Shape, shapeOf } from "./validate.ts";
import { World } from "./world.ts";

export interface CheckedIr {
  /** Null when there are errors. */
  readonly program: Program | null;
  /** Each at its place in the JSON text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Expressions that people write nest a few levels; what nests deeper than this would exhaust the stack. */
const MOST_LEVELS = 500;

/** @param text valid JSON; @param file its name, for the diagnostics */
export function checkIr(text: string, file: string, vocabulary: Vocabulary): CheckedIr {
  const deep = deeperThan(text, MOST_LEVELS);
  if (deep !== null) return { program: null, diagnostics: [tooDeep(text, file, deep)] };
  const shape = shapeOf(JSON.parse(text), vocabulary);
  const issues = [...shape.issues];
  // Later questions need what earlier ones asked for: one mistake, one error.
  if (shape.program !== null) issues.push(...linksOf(shape.program, shape, vocabulary));
  if (shape.program !== null && issues.length === 0) issues.push(...circleOf(shape.program));
  if (shape.program !== null && issues.length === 0) {
    issues.push(...hashesOf(shape.program, vocabulary), ...reviewsOf(shape.program, vocabulary));
  }
  const lines = new Lines(text);
  const places = issues.length === 0 ? new Map<string, Place>() : placesOf(text);
  const diagnostics = issues.map((issue) => diagnosticOf(issue, file, lines, places, shape.program));
  const broken = diagnostics.some((found) => found.severity === "error");
  return { program: broken ? null : shape.program, diagnostics };
}

function tooDeep(text: string, file: string, start: number): Diagnostic {
  const values = { place: "/", problem: `must not nest deeper than ${MOST_LEVELS} levels` };
  const places = new Map([["", { start, end: start + 1, key: null }]]);
  return diagnosticOf({ code: "ML8054", values, pointer: "" }, file, new Lines(text), places, null);
}

/** The declaration that an issue is about also stands in a spec, which is where a person would look. */
function diagnosticOf(
  { code, values, pointer, atKey = false }: IrIssue,
  file: string,
  lines: Lines,
  places: ReadonlyMap<string, Place>,
  program: Program | null,
): Diagnostic {
  const { severity, message, help } = entryOf(code);
  const place = placeOf(places, pointer);
  // A whole object is too much to underline: its bracket, or the name it stands under.
  const span = (atKey ? place.key : null) ?? (isLong(place, lines) ? (place.key ?? opening(place)) : place);
  return {
    code,
    severity,
    message: sentence(message, values),
    file,
    range: lines.range(span),
    related: writtenAt(pointer, program),
    fixes: [],
    help: help === undefined ? null : fill(help, values),
    page: pageOf(code),
  };
}

const opening = ({ start }: Place) => ({ start, end: start + 1 });
const isLong = ({ start, end }: Place, lines: Lines) =>
  lines.position(start).line !== lines.position(end).line;

function writtenAt(pointer: string, program: Program | null): Related[] {
  const [at] = /^\/\w+\/\d+/.exec(pointer) ?? [];
  const declaration = program && placed(program).find(([place]) => place === at)?.[1];
  const rest = pointer.startsWith(`${at}/props`) ? pointer.slice(`${at}/props`.length) : "";
  if (declaration == null) return [];
  for (let at = rest; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const place = declaration.locations[at];
    if (place !== undefined) return [relatedAt(place)];
  }
  const { source, kind } = declaration;
  return [relatedAt({ ...source, endLine: source.line, endColumn: source.column + kind.length })];
}

const relatedAt = ({ file, ...range }: Declaration["source"]): Related => ({
  message: "written here",
  file,
  range,
});

/** Ids are unique; what is referred to is there, of a kind that may stand there, and has that part. */
function linksOf(program: Program, { references }: Shape, vocabulary: Vocabulary): IrIssue[] {
  const issues: IrIssue[] = [];
  const byId = new Map<string, Declaration>();
  for (const [place, declaration] of placed(program)) {
    if (byId.has(declaration.id)) {
      const values = { place: `${place}/id`, problem: `is the id of another declaration too` };
      issues.push({ code: "ML8054", values, pointer: values.place });
    } else byId.set(declaration.id, declaration);
  }
  const world = new World(byId, vocabulary);
  const wrong = (pointer: string, expected: string, found: string, hint = "") =>
    void issues.push({ code: "ML8055", values: { place: pointer, expected, found, hint }, pointer });
  for (const { ref, part, meaning, pointer } of references) {
    const target = byId.get(ref);
    if (target === undefined) {
      const near = nearest(ref, byId.keys());
      wrong(`${pointer}/ref`, "a declaration", ref, near === null ? "" : `; did you mean \`${near}\`?`);
    } else if (meaning !== null && !meaning.to.includes(target.kind)) {
      wrong(`${pointer}/ref`, `a ${meaning.to.join(" or ")}`, ref);
    } else if (part !== null && meaning !== null) {
      const parts = meaning.part === "alias" ? world.aliases(target) : world.parts(target);
      if (parts !== null && !parts.includes(part))
        wrong(`${pointer}/part`, parts.length === 0 ? "nothing" : listed(parts), part);
    }
  }
  if (issues.length === 0) issues.push(...listsOf(program, references));
  return issues;
}

/** `refs` holds what the props name, each once. */
function listsOf(program: Program, references: readonly FoundReference[]): IrIssue[] {
  return placed(program).flatMap(([at, { refs }]) => {
    const named = new Set(references.filter((one) => one.declaration === at).map((one) => one.ref));
    const equal = named.size === refs.length && refs.every((ref) => named.has(ref));
    if (equal) return [];
    const place = `${at}/refs`;
    const problem = `must hold what the props name, each once: ${JSON.stringify([...named])}`;
    return [{ code: "ML8054", values: { place, problem }, pointer: place }];
  });
}

function circleOf(program: Program): IrIssue[] {
  const byId = new Map(program.declarations.map((one) => [one.id, one]));
  const state = new Map<string, "open" | "done">();
  for (const start of byId.keys()) {
    const path: { readonly id: string; next: number }[] = [];
    const enter = (id: string) => {
      state.set(id, "open");
      path.push({ id, next: 0 });
    };
    if (!state.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const ref = byId.get(top.id)?.refs[top.next];
      top.next += 1;
      if (ref === undefined) {
        state.set(top.id, "done");
        path.pop();
      } else if (state.get(ref) === "open") {
        const circle = path.slice(path.findIndex((one) => one.id === ref)).map((one) => one.id);
        const index = program.declarations.findIndex((one) => one.id === top.id);
        const cycle = [...circle, ref].map((id) => `\`${id}\``).join(" needs ");
        return [{ code: "ML8057", values: { cycle }, pointer: `/declarations/${index}/refs` }];
      } else if (!state.has(ref)) enter(ref);
    }
  }
  return [];
}

/** Hashes are what this tool computes. The first declaration that differs makes all that need it differ. */
function hashesOf(program: Program, vocabulary: Vocabulary): IrIssue[] {
  const all = placed(program);
  const hashes = hashAll(
    all.map(([, one]) => one),
    vocabulary.kinds,
  );
  const wrong = new Set(all.filter(([, { id, hash }]) => hashes.get(id) !== hash).map(([, { id }]) => id));
  const issues: IrIssue[] = [];
  for (const [place, { id, refs, hash }] of all) {
    if (!wrong.has(id) || refs.some((ref) => wrong.has(ref))) continue;
    const values = { what: `\`${id}\``, expected: hashes.get(id) ?? "", found: hash };
    issues.push({ code: "ML8056", values, pointer: `${place}/hash` });
  }
  const whole = hashProgram(program.declarations.map(({ id }) => hashes.get(id) ?? ""));
  if (wrong.size === 0 && whole !== program.hash) {
    const values = { what: "the program", expected: whole, found: program.hash };
    issues.push({ code: "ML8056", values, pointer: "/hash" });
  }
  return issues;
}

/** What kinds say of their own declarations beyond their schemas, as for a spec. */
function reviewsOf(program: Program, vocabulary: Vocabulary): IrIssue[] {
  const byId = new Map(placed(program).map(([, one]) => [one.id, one]));
  const world = new World(byId, vocabulary);
  const peers = new Peers(() =>
    [...byId.values()].map(({ id, kind, name, props, refs }) => ({
      id,
      kind,
      name,
      props,
      refs,
      broken: false,
    })),
  );
  return placed(program).flatMap(([place, { kind, name, props }]) => {
    const review = vocabulary.kinds[kind]?.review;
    if (review === undefined) return [];
    const found = review(props, name, (reference) => world.neighbour(reference), peers);
    return found.map(({ code, values, pointer }) => ({ code, values, pointer: `${place}/props${pointer}` }));
  });
}
