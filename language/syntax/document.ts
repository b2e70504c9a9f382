/**
 * Texts with places where they may break, and the way to lay them out in a width: groups are printed on one line where
 * they fit, else every line break of their own is taken (P. Wadler, "A prettier printer", 2003).
 */

export type Doc =
  | string
  | { readonly kind: "all"; readonly parts: readonly Doc[]; readonly breaks: boolean }
  | { readonly kind: "indent"; readonly doc: Doc; readonly breaks: boolean }
  | { readonly kind: "group"; readonly doc: Doc; readonly breaks: boolean }
  | { readonly kind: "line"; readonly flat: string; readonly blank: boolean; readonly breaks: boolean }
  | { readonly kind: "either"; readonly flat: string; readonly broken: string; readonly breaks: false }
  | { readonly kind: "comment"; readonly text: string; readonly breaks: true };

/** A space, or a new line where the group breaks. */
export const LINE: Doc = { kind: "line", flat: " ", blank: false, breaks: false };
/** Nothing, or a new line where the group breaks. */
export const SOFT_LINE: Doc = { kind: "line", flat: "", blank: false, breaks: false };
/** Always a new line: every group around it breaks. */
export const HARD_LINE: Doc = { kind: "line", flat: "", blank: false, breaks: true };
/** `LINE` with an empty line before the new line. */
export const BLANK_LINE: Doc = { kind: "line", flat: " ", blank: true, breaks: false };

export function breaks(doc: Doc): boolean {
  return typeof doc === "string" ? doc.includes("\n") || doc.includes("\r") : doc.breaks;
}

export function all(parts: readonly Doc[]): Doc {
  return { kind: "all", parts, breaks: parts.some(breaks) };
}

export function indent(doc: Doc): Doc {
  return { kind: "indent", doc, breaks: breaks(doc) };
}

/** `broken` breaks it whether it fits or not. */
export function group(doc: Doc, broken = false): Doc {
  return { kind: "group", doc, breaks: broken || breaks(doc) };
}

export function either(flat: string, broken: string): Doc {
  return { kind: "either", flat, broken, breaks: false };
}

/** A comment to the end of the line; what stands before it is not broken for its length. */
export function comment(text: string): Doc {
  return { kind: "comment", text, breaks: true };
}

interface Task {
  readonly doc: Doc;
  readonly indent: number;
  readonly flat: boolean;
}

/** Lays a document out. `width` in UTF-16 code units; `indent` is two spaces a level. */
export function render(doc: Doc, width: number, lineBreak: string): string {
  const out: string[] = [];
  const tasks: Task[] = [{ doc, indent: 0, flat: false }];
  let column = 0;
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    const { doc: each, indent: depth, flat } = task;
    if (typeof each === "string") {
      out.push(each);
      column = columnAfter(column, each);
    } else if (each.kind === "all") {
      for (let at = each.parts.length - 1; at >= 0; at--)
        tasks.push({ doc: each.parts[at] ?? "", indent: depth, flat });
    } else if (each.kind === "indent") {
      tasks.push({ doc: each.doc, indent: depth + 2, flat });
    } else if (each.kind === "group") {
      const fitting = flat || (!each.breaks && fits(each.doc, depth, width - column, tasks));
      tasks.push({ doc: each.doc, indent: depth, flat: fitting });
    } else if (each.kind === "comment") {
      out.push(each.text);
    } else if (each.kind === "either") {
      const text = flat ? each.flat : each.broken;
      out.push(text);
      column += text.length;
    } else if (flat) {
      out.push(each.flat);
      column += each.flat.length;
    } else {
      out.push(each.blank ? lineBreak + lineBreak : lineBreak, " ".repeat(depth));
      column = depth;
    }
  }
  return out.join("");
}

function columnAfter(column: number, text: string): number {
  const lineBreak = text.lastIndexOf("\n");
  return lineBreak < 0 ? column + text.length : text.length - lineBreak - 1;
}

/** Whether a document fits on the rest of the line, with what follows it up to the next new line. */
function fits(doc: Doc, depth: number, width: number, rest: readonly Task[]): boolean {
  let left = width;
  let next = rest.length;
  const tasks: Task[] = [{ doc, indent: depth, flat: true }];
  while (left >= 0) {
    const task = tasks.pop() ?? rest[--next];
    if (task === undefined) return true;
    const { doc: each, flat } = task;
    if (typeof each === "string") {
      const lineBreak = each.search(/[\r\n]/);
      if (lineBreak >= 0) return lineBreak <= left;
      left -= each.length;
    } else if (each.kind === "all") {
      for (let at = each.parts.length - 1; at >= 0; at--)
        tasks.push({ doc: each.parts[at] ?? "", indent: 0, flat });
    } else if (each.kind === "indent" || each.kind === "group") {
      // A group behind this one may break where it likes.
      tasks.push({ doc: each.doc, indent: 0, flat });
    } else if (each.kind === "either") left -= (flat ? each.flat : each.broken).length;
    else if (each.kind === "comment") return true;
    else if (flat) left -= each.flat.length;
    else return true;
  }
  return false;
}
