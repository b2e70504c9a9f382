/** Whether JSON is an IR: its version and its shape, every kind's props by the vocabulary's own schemas. */
import type * as z from "zod";
import { nearest } from "../check/suggest.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import { blockOf, elementOf, type Field, fieldsOf, ruleOf, type Typed } from "../vocabulary/schema.ts";
import { columnSchema, type Meaning } from "../vocabulary/types.ts";
import { pointerTo } from "./json-places.ts";
import { LISTS, listFor } from "./lists.ts";
import { noun, oneOf, spoken, valueAt } from "./problems.ts";
import { declaration, IR_VERSION, type Program, program } from "./program.ts";

export interface IrIssue {
  readonly code: string;
  readonly values: Readonly<Record<string, string>>;
  /** JSON pointer into the document. */
  readonly pointer: string;
  /** The member's name is what is wrong, not its value. */
  readonly atKey?: boolean;
}

/** A reference found in the props, to be looked up once everything has been read. */
export interface FoundReference {
  readonly ref: string;
  readonly part: string | null;
  /** How the place may refer; null in an expression. */
  readonly meaning: Extract<Meaning, { is: "reference" }> | null;
  /** The declaration's place in the document, `/declarations/3`. */
  readonly declaration: string;
  readonly pointer: string;
}

export interface Shape {
  readonly issues: readonly IrIssue[];
  /** Null when the shape is wrong. */
  readonly program: Program | null;
  readonly references: readonly FoundReference[];
}

type Members = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Checks a JSON value; references, hashes and what kinds say of themselves are looked at afterwards. */
export function shapeOf(value: unknown, vocabulary: Vocabulary): Shape {
  const walk = new Walk(vocabulary);
  if (isObject(value) && value["ir"] !== IR_VERSION) {
    const found = value["ir"] === undefined ? "missing" : JSON.stringify(value["ir"]);
    const version = { expected: String(IR_VERSION), found };
    return {
      issues: [{ code: "ML8053", values: version, pointer: "/ir" }],
      program: null,
      references: [],
    };
  }
  walk.plain(program, value, "");
  for (const list of LISTS) {
    const all = isObject(value) ? value[list] : undefined;
    if (!Array.isArray(all)) continue;
    for (const [index, one] of all.entries()) walk.declaration(one, `/${list}/${index}`, list);
  }
  return {
    issues: walk.issues,
    program: walk.issues.length === 0 ? (value as Program) : null, // every member has just been read
    references: walk.references,
  };
}

class Walk {
  readonly issues: IrIssue[] = [];
  readonly references: FoundReference[] = [];
  readonly #vocabulary: Vocabulary;
  /** The declaration that is being read. */
  #at = "";

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  #wrong(pointer: string, problem: string, atKey = false): undefined {
    const values = { place: pointer === "" ? "/" : pointer, problem };
    this.issues.push({ code: "ML8054", values, pointer, atKey });
  }

  /** By zod alone; members that it does not know are told too. */
  plain(schema: z.ZodType, value: unknown, pointer: string): boolean {
    const parsed = schema.safeParse(value);
    // One word for a place: what is wrong around it or inside follows from it.
    const told = new Set<string>();
    for (const issue of parsed.error?.issues ?? []) {
      const at = issue.path.reduce<string>((before, key) => pointerTo(before, String(key)), pointer);
      if (told.has(at)) continue;
      told.add(at);
      this.#wrong(at, spoken(issue, valueAt(value, issue.path)));
    }
    if (parsed.success) this.#unknown(value, parsed.data, pointer);
    return parsed.success;
  }

  /** What zod left out of its copy stands in no schema. */
  #unknown(given: unknown, read: unknown, pointer: string): undefined {
    if (Array.isArray(given) && Array.isArray(read)) {
      for (const [i, item] of given.entries()) this.#unknown(item, read[i], pointerTo(pointer, i));
    } else if (isObject(given) && isObject(read)) {
      for (const [key, member] of Object.entries(given)) {
        if (key in read) this.#unknown(member, read[key], pointerTo(pointer, key));
        else this.#notKnown(pointerTo(pointer, key), key, Object.keys(read));
      }
    }
  }

  #notKnown(pointer: string, name: string, names: readonly string[]): undefined {
    const near = nearest(name, names);
    const hint = near === null ? "" : `; did you mean \`${near}\`?`;
    this.#wrong(pointer, `is no member of the schema: take it out${hint}`, true);
  }

  declaration(value: unknown, pointer: string, list: (typeof LISTS)[number]): undefined {
    this.#at = pointer;
    if (!declaration.safeParse(value).success) return; // said already, with the whole program
    const { id, kind: kindName, variant, name, props } = value as Program["declarations"][number];
    const kind = this.#vocabulary.kinds[kindName];
    if (kind === undefined || listFor(kind) !== list) {
      const kinds = Object.values(this.#vocabulary.kinds)
        .filter((one) => listFor(one) === list)
        .map((one) => one.name);
      return this.#wrong(`${pointer}/kind`, `must be a kind${oneOf(kindName, kinds)}`);
    }
    const chosen = kind.variants[variant ?? kind.name];
    if (chosen === undefined || (variant === null && kind.variantRequired)) {
      const variants = Object.keys(kind.variants);
      return this.#wrong(
        `${pointer}/variant`,
        `must be a variant of ${kindName}${oneOf(variant ?? "", variants)}`,
      );
    }
    if (id !== `${kindName}.${name}`) this.#wrong(`${pointer}/id`, `must be \`${kindName}.${name}\``);
    this.#fields(fieldsOf(chosen.schema), props, `${pointer}/props`);
  }

  #fields(fields: readonly Field[], value: unknown, pointer: string): undefined {
    if (!isObject(value)) return this.#wrong(pointer, `must be an object, not ${noun(value)}`);
    const names = fields.map((field) => field.name);
    for (const key of Object.keys(value)) {
      if (!names.includes(key)) this.#notKnown(pointerTo(pointer, key), key, names);
    }
    for (const field of fields) {
      const member = value[field.name];
      if (member !== undefined) this.#typed(field, member, pointerTo(pointer, field.name));
      else if (field.required) this.#wrong(pointer, `lacks \`${field.name}\``);
      else if (field.fallback !== undefined)
        this.#wrong(
          pointer,
          `lacks \`${field.name}\`; without a value of its own it is ${JSON.stringify(field.fallback)}`,
        );
    }
  }

  #typed(typed: Typed, value: unknown, pointer: string): undefined {
    const { meaning, inner } = typed;
    switch (meaning.is) {
      case "list":
        return this.#items(value, pointer, (item, at) => this.#typed(elementOf(typed), item, at));
      case "rules":
        return this.#items(value, pointer, (item, at) => this.#fields(fieldsOf(ruleOf(typed)), item, at));
      case "block":
        return this.#fields(fieldsOf(blockOf(typed)), value, pointer);
      case "map": {
        if (!isObject(value)) return this.#wrong(pointer, `must be an object, not ${noun(value)}`);
        for (const [key, member] of Object.entries(value))
          this.#typed(elementOf(typed), member, pointerTo(pointer, key));
        return;
      }
      case "columns":
        return this.#items(value, pointer, (item, at) => void this.plain(columnSchema, item, at));
      case "call":
        return this.#call(meaning, inner, value, pointer);
      case "metric": {
        if (!this.plain(inner, value, pointer)) return;
        const { name, args } = value as { name: string; args: unknown };
        const spec = this.#vocabulary.metrics[name];
        const metrics = Object.keys(this.#vocabulary.metrics);
        if (spec === undefined)
          return this.#wrong(`${pointer}/name`, `must be a metric${oneOf(name, metrics)}`);
        return this.#fields(fieldsOf(spec.args), args, `${pointer}/args`);
      }
      case "reference": {
        // Where a path may stand instead of a name, there is nothing to look up.
        if (!this.plain(inner, value, pointer) || !isObject(value)) return;
        const { ref, part } = value as { ref: string; part?: string };
        this.references.push({ ref, part: part ?? null, meaning, declaration: this.#at, pointer });
        return;
      }
      case "expression":
        if (this.plain(inner, value, pointer)) this.#expression(value, pointer);
        return;
      default:
        this.plain(inner, value, pointer);
    }
  }

  #items(value: unknown, pointer: string, each: (item: unknown, at: string) => undefined): undefined {
    if (!Array.isArray(value)) return this.#wrong(pointer, `must be an array, not ${noun(value)}`);
    for (const [i, item] of value.entries()) each(item, pointerTo(pointer, i));
  }

  #call(
    meaning: Extract<Meaning, { is: "call" }>,
    inner: z.ZodType,
    value: unknown,
    pointer: string,
  ): undefined {
    if (!this.plain(inner, value, pointer)) return;
    const { call, args } = value as { call: string; args: Members };
    if (meaning.literal && call === "value") {
      if (args["value"] === undefined) this.#wrong(`${pointer}/args`, "lacks `value`");
      return;
    }
    const form = meaning.forms[call];
    if (form === undefined)
      return this.#wrong(
        `${pointer}/call`,
        `must be one of its forms${oneOf(call, Object.keys(meaning.forms))}`,
      );
    this.#fields(fieldsOf(form.args), args, `${pointer}/args`);
  }

  /** References anywhere in an expression. */
  #expression(value: unknown, pointer: string): undefined {
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) this.#expression(item, pointerTo(pointer, i));
    } else if (isObject(value)) {
      if (value["is"] === "ref" && typeof value["ref"] === "string") {
        this.references.push({
          ref: value["ref"],
          part: null,
          meaning: null,
          declaration: this.#at,
          pointer,
        });
      }
      for (const [key, member] of Object.entries(value)) this.#expression(member, pointerTo(pointer, key));
    }
  }
}
