/** Every name of a text with what it is there: the ground of navigation, renaming, hover and colours. */
import type {
  Argument,
  Attribute,
  Block,
  Clause,
  Column,
  Constraint,
  Expression,
  Import,
  Item,
  Name,
  Phrase,
} from "../../language/syntax/tree.ts";
import type { FunctionSpec, Vocabulary } from "../../language/vocabulary/kind.ts";
import { elementOf, type Field, fieldsOf, type Typed } from "../../language/vocabulary/schema.ts";
import { fieldOfItem, type Inside, insideOf, layerOf, phraseFields } from "../place.ts";

export type Role =
  /** `dataset`, `import`, `param`; a template's name where it is used. */
  | "kind"
  | "variant"
  /** A name that this line declares. */
  | "declaration"
  /** An attribute, a block or a rule that the vocabulary knows. */
  | "attribute"
  /** The name of a declaration, parameter, constant or secret. */
  | "reference"
  /** What follows a dot: a part, an alias, a metric, a size, a member of a template's use. */
  | "member"
  | "column"
  /** `income: float` in a schema, `thousands = …` in a block of new columns. */
  | "column-declaration"
  /** `train = 70%`: a name that the block itself introduces. */
  | "entry"
  | "metric"
  /** A word of a choice, or one that stands for itself. */
  | "word"
  /** `lora(…)`, `median`: a word that may take arguments. */
  | "form"
  | "argument"
  | "layer"
  | "type"
  | "constraint"
  | "function"
  /** A name of a test's own row. */
  | "label"
  /** A name in the braces of an import. */
  | "imported";

export interface Occurrence {
  readonly name: Name;
  readonly role: Role;
  /** What the vocabulary asks for where it stands; null where that is not known or no value. */
  readonly typed: Typed | null;
  /** The phrases around it, outermost first, the one that it heads or names included. */
  readonly around: readonly Phrase[];
  /** Of a member: what stands before its dot. */
  readonly object: Expression | null;
  /** Of an imported name: its import. */
  readonly from: Import | null;
}

/** Heads of a file that are no kinds. */
const HEADS = new Set(["mlops", "import", "param", "const", "secret", "template"]);

/** All names of some items, in no particular order. */
export function occurrencesIn(items: readonly Item[], vocabulary: Vocabulary): Occurrence[] {
  const walk = new Walk(vocabulary);
  walk.items(items, []);
  return walk.found;
}

class Walk {
  readonly found: Occurrence[] = [];
  readonly #vocabulary: Vocabulary;
  #around: readonly Phrase[] = [];

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  #add(name: Name, role: Role, more: Partial<Occurrence> = {}): void {
    if (name.text === "") return;
    this.found.push({ name, role, typed: null, around: this.#around, object: null, from: null, ...more });
  }

  items(items: readonly Item[], around: readonly Phrase[]): void {
    const inside = insideOf(around, this.#vocabulary);
    for (const item of items) {
      this.#around = around;
      if (item.kind === "import") this.#import(item);
      else if (item.kind === "attribute") this.#attribute(item, inside);
      else if (item.kind === "column") this.#column(item);
      else this.#phrase(item, inside, around);
    }
  }

  #import(item: Import): void {
    for (const name of item.names) {
      this.#add(name, "imported", { from: item });
      if (name.alias !== null) this.#add(name.alias, "declaration", { from: item });
    }
  }

  #column({ name, type, constraints }: Column): void {
    this.#add(name, "column-declaration");
    if (type.kind === "reference") this.#add(type.name, "type");
    for (const constraint of constraints) this.#constraint(constraint);
  }

  #constraint({ word, value }: Constraint): void {
    this.#add(word, "constraint");
    this.#value(value, null);
  }

  #attribute(item: Attribute, inside: Inside): void {
    const [first, ...rest] = item.path ?? [item.name];
    if (inside.is === "entries") {
      const { meaning } = inside.field;
      const keys = meaning.is === "map" ? meaning.keys : "name";
      const role =
        keys === "column"
          ? "column"
          : keys === "new-column"
            ? "column-declaration"
            : keys === "name"
              ? "entry"
              : "reference";
      if (first !== undefined) this.#add(first, role, { typed: inside.field });
      for (const name of rest) this.#add(name, "member", { typed: inside.field });
      this.#value(item.value, meaning.is === "map" ? elementOf(inside.field) : null);
      return;
    }
    const field = fieldOfItem(item, inside);
    this.#add(item.name, "attribute", { typed: field });
    this.#value(item.value, field);
  }

  #phrase(phrase: Phrase, inside: Inside, around: readonly Phrase[]): void {
    this.#around = [...around, phrase];
    const fields = phraseFields(phrase, inside);
    if (inside.is === "declarations") this.#declaration(phrase);
    else if (inside.is === "layers") {
      const layer = layerOf(phrase, this.#vocabulary);
      const args = layer === null ? [] : fieldsOf(layer.args);
      this.#add(phrase.head, "layer");
      this.#arguments(phrase.arguments ?? [], args, null);
      this.#value(phrase.operand, args[0] ?? null);
    } else {
      const at = (where: string) => fields.find(({ position }) => position?.at === where) ?? null;
      this.#add(phrase.head, "attribute", { typed: fieldOfItem(phrase, inside) });
      this.#arguments(
        phrase.arguments ?? [],
        fields.filter(({ position }) => position?.at === "argument"),
        null,
      );
      this.#value(phrase.operand, at("operand"));
      this.#value(phrase.value, at("assigned"));
    }
    for (const clause of phrase.clauses) this.#clause(clause, fields);
    this.#block(phrase.block, [...around, phrase]);
  }

  #declaration(phrase: Phrase): void {
    const { head, operand, variant, value } = phrase;
    this.#add(head, "kind");
    const callee = operand?.kind === "call" ? operand.callee : operand;
    if (callee?.kind === "reference" && head.text !== "mlops") this.#add(callee.name, "declaration");
    if (operand?.kind === "call")
      for (const { name, type, value: fallback } of operand.arguments) {
        if (name !== null) this.#add(name, "declaration");
        this.#type(type);
        this.#value(fallback, null);
      }
    if (HEADS.has(head.text)) this.#type(variant);
    else if (variant?.kind === "reference") this.#add(variant.name, "variant");
    this.#value(value, null);
  }

  #type(type: Expression | null): void {
    if (type?.kind === "reference") this.#add(type.name, "type");
    else if (type?.kind === "call") for (const { value } of type.arguments) this.#type(value);
  }

  #clause({ word, value }: Clause, fields: readonly Field[]): void {
    const field = fields.find(({ position }) => position?.at === "clause" && position.word === word);
    this.#value(value, field ?? null);
  }

  #block(block: Block | null, around: readonly Phrase[]): void {
    const before = this.#around;
    if (block !== null) this.items(block.items, around);
    this.#around = before;
  }

  #arguments(args: readonly Argument[], fields: readonly Field[] | null, whole: Typed | null): void {
    args.forEach((argument, index) => {
      const { name, value } = argument;
      const field = name === null ? fields?.[index] : fields?.find((other) => other.name === name.text);
      if (name !== null) this.#add(name, "argument", { typed: field ?? null });
      this.#value(value, field ?? (fields === null ? whole : null));
    });
  }

  /** A value, read as what the vocabulary asks for. */
  #value(expression: Expression | null, typed: Typed | null): void {
    if (expression === null) return;
    const meaning = typed?.meaning ?? null;
    switch (expression.kind) {
      case "reference":
        this.#add(expression.name, this.#roleOf(expression.name, typed), { typed });
        return;
      case "member":
        this.#value(expression.object, typed);
        this.#add(expression.member, "member", { typed, object: expression.object });
        return;
      case "list":
        for (const item of expression.items)
          this.#value(item, typed !== null && meaning?.is === "list" ? elementOf(typed) : typed);
        return;
      case "call":
        this.#call(expression, typed);
        return;
      case "unary":
        this.#value(expression.operand, typed);
        return;
      case "binary":
        this.#value(expression.left, typed);
        this.#value(expression.right, typed);
        return;
      case "if":
        for (const part of [expression.condition, expression.then, expression.otherwise])
          this.#value(part, typed);
        return;
      case "range":
        this.#value(expression.from, typed);
        this.#value(expression.to, typed);
        return;
      default:
        return;
    }
  }

  #call({ callee, arguments: args }: Extract<Expression, { kind: "call" }>, typed: Typed | null): void {
    const meaning = typed?.meaning ?? null;
    const word = callee.kind === "reference" ? callee.name : null;
    if (meaning?.is === "list" && meaning.single === true) {
      this.#call({ kind: "call", callee, arguments: args, span: callee.span }, elementOf(typed!));
      return;
    }
    if (word !== null && meaning?.is === "call") {
      this.#add(word, "form", { typed });
      this.#arguments(
        args,
        Object.hasOwn(meaning.forms, word.text) ? fieldsOf(meaning.forms[word.text]!.args) : [],
        null,
      );
      return;
    }
    if (word !== null && meaning?.is === "metric") {
      this.#add(word, "metric", { typed });
      const spec = this.#vocabulary.metrics[word.text];
      this.#arguments(args, spec === undefined ? [] : fieldsOf(spec.args), null);
      return;
    }
    // A metric behind a dot takes its own arguments: `scored.recall(top = 10%)`.
    if (callee.kind === "member") {
      this.#value(callee, typed);
      const spec = this.#vocabulary.metrics[callee.member.text];
      this.#arguments(args, spec === undefined ? [] : fieldsOf(spec.args), null);
      return;
    }
    if (word !== null)
      this.#add(word, this.#functionNamed(word.text) === undefined ? "reference" : "function", { typed });
    else this.#value(callee, typed);
    this.#arguments(args, null, meaning?.is === "expression" ? typed : null);
  }

  #functionNamed = (name: string): FunctionSpec | undefined =>
    Object.values(this.#vocabulary.functions).find((spec) => spec.name === name);

  /** What a bare name is where the vocabulary asks for this; parameters are told apart by whoever knows the names. */
  #roleOf({ text }: Name, typed: Typed | null): Role {
    const meaning = typed?.meaning;
    switch (meaning?.is) {
      case "choice":
        return Object.hasOwn(meaning.values, text) ? "word" : "reference";
      case "call":
        return Object.hasOwn(meaning.forms, text) ? "form" : "reference";
      case "metric":
        return "metric";
      case "column":
        return "column";
      case "label":
      case "labelled":
        return "label";
      case "expression":
        if (meaning.scope === "claims") return "label";
        if (this.#functionNamed(text)?.parameters.length === 0) return "function";
        return meaning.scope === "metrics" ? (this.#wordOfFunction(text) ? "word" : "reference") : "column";
      case "list":
        return meaning.single === true
          ? this.#roleOf({ kind: "name", text, quoted: false, span: { start: 0, end: 0 } }, elementOf(typed!))
          : "reference";
      default:
        return "reference";
    }
  }

  /** `majority` in `baseline(majority)`. */
  #wordOfFunction = (text: string): boolean =>
    Object.values(this.#vocabulary.functions).some(({ parameters }) =>
      parameters.some(({ words }) => words !== undefined && Object.hasOwn(words, text)),
    );
}
