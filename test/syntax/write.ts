/** Trees → text, in the plainest way, for trees that no text was read for. */
import { NOT_STRENGTH, STRENGTH } from "../../language/syntax/operators.ts";
import type {
  Argument,
  Block,
  Column,
  Expression,
  Import,
  Item,
  Name,
  Phrase,
} from "../../language/syntax/tree.ts";

/** How items in a block are parted. */
export type Style = "lines" | "commas";

export function write(items: readonly Item[], style: Style = "lines"): string {
  return items.map((each) => item(each, style)).join("\n");
}

function item(each: Item, style: Style): string {
  const doc =
    each.doc === null
      ? ""
      : each.doc
          .split("\n")
          .map((line) => `///${line === "" ? "" : ` ${line}`}\n`)
          .join("");
  return doc + body(each, style);
}

function body(each: Item, style: Style): string {
  switch (each.kind) {
    case "attribute":
      return `${(each.path ?? [each.name]).map(name).join(".")} = ${expression(each.value)}`;
    case "column":
      return column(each);
    case "import":
      return importItem(each);
    case "phrase":
      return phrase(each, style);
  }
}

function column({ name: label, type, constraints }: Column): string {
  const words = constraints.map(
    ({ word, value }) => ` ${name(word)}${value === null ? "" : ` ${unnamed(value)}`}`,
  );
  return `${name(label)}: ${expression(type)}${words.join("")}`;
}

/** A value that does not begin with a name. */
function unnamed(value: Expression): string {
  return ["number", "string", "boolean", "null", "list"].includes(value.kind)
    ? expression(value)
    : `(${expression(value)})`;
}

function importItem({ path, names }: Import): string {
  const taken = names.map((each) => name(each) + (each.alias === null ? "" : ` as ${name(each.alias)}`));
  return `import ${path?.text ?? ""} { ${taken.join(", ")} }`;
}

function phrase(each: Phrase, style: Style): string {
  const { head, operand, variant, value, clauses, message, block } = each;
  const args = each.arguments === null ? "" : argumentList(each.arguments);
  const parts = [name(head) + args];
  if (operand !== null) parts.push(` ${expression(operand)}`);
  if (variant !== null) parts.push(`: ${expression(variant)}`);
  if (value !== null) parts.push(` = ${expression(value)}`);
  for (const clause of clauses) parts.push(` ${clause.word} ${expression(clause.value)}`);
  if (message !== null) parts.push(` ${message.text}`);
  if (block !== null) parts.push(` ${blockText(block, style)}`);
  return parts.join("");
}

function blockText({ items }: Block, style: Style): string {
  const separator = style === "lines" ? "\n" : ", ";
  return `{\n${items.map((each) => item(each, style)).join(separator)}\n}`;
}

function name({ text, quoted }: Name): string {
  return quoted ? `\`${text.replaceAll("`", "``")}\`` : text;
}

export function expression(node: Expression): string {
  switch (node.kind) {
    case "number":
    case "string":
      return node.text;
    case "boolean":
      return String(node.value);
    case "null":
      return "null";
    case "missing":
      return "";
    case "reference":
      return name(node.name);
    case "member":
      return `${called(node.object)}.${name(node.member)}`;
    case "call":
      return called(node.callee) + argumentList(node.arguments);
    case "list":
      return `[${node.items.map(expression).join(", ")}]`;
    case "if":
      return `if ${expression(node.condition)} then ${expression(node.then)} else ${expression(node.otherwise)}`;
    case "unary":
      return node.operator === "-"
        ? `-${atLeast(node.operand, 8)}`
        : `not ${atLeast(node.operand, NOT_STRENGTH)}`;
    case "range":
      return `${atLeast(node.from, 6)}..${atLeast(node.to, 6)}`;
    case "binary": {
      const strength = STRENGTH[node.operator];
      const left = atLeast(node.left, strength === STRENGTH["=="] ? strength + 1 : strength);
      return `${left} ${node.operator} ${atLeast(node.right, strength + 1)}`;
    }
  }
}

function strengthOf(node: Expression): number {
  if (node.kind === "binary") return STRENGTH[node.operator];
  if (node.kind === "range") return STRENGTH[".."];
  if (node.kind === "unary") return node.operator === "-" ? 8 : NOT_STRENGTH;
  return node.kind === "if" ? 0 : 9;
}

function atLeast(node: Expression, strength: number): string {
  return strengthOf(node) >= strength ? expression(node) : `(${expression(node)})`;
}

function called(node: Expression): string {
  return ["reference", "member", "call"].includes(node.kind) ? expression(node) : `(${expression(node)})`;
}

function argumentList(args: readonly Argument[]): string {
  return `(${args.map(argument).join(", ")})`;
}

function argument({ name: label, type, value }: Argument): string {
  if (label === null) return value === null ? "" : expression(value);
  return `${name(label)}${type === null ? "" : `: ${expression(type)}`}${value === null ? "" : ` = ${expression(value)}`}`;
}
