/** The pipeline as a graph: what must come before what. */
import type { Declaration, Program } from "../../language/ir/program.ts";

/** Declarations so that each stands after those it names; otherwise in the order of the spec. */
export function inOrder(program: Program): Declaration[] {
  const byId = new Map(program.declarations.map((declaration) => [declaration.id, declaration]));
  const ordered: Declaration[] = [];
  const state = new Map<string, "open" | "done">();
  // A stack of our own: a chain of declarations may be longer than the call stack is deep.
  for (const start of program.declarations) {
    const stack: { readonly declaration: Declaration; next: number }[] = [];
    const enter = (declaration: Declaration) => {
      if (state.get(declaration.id) === "open") {
        throw new Error(
          `the program refers to itself in a circle through ${declaration.id}; the checker lets none pass`,
        );
      }
      if (state.has(declaration.id)) return;
      state.set(declaration.id, "open");
      stack.push({ declaration, next: 0 });
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const ref = top.declaration.refs[top.next];
      top.next += 1;
      if (ref === undefined) {
        stack.pop();
        state.set(top.declaration.id, "done");
        ordered.push(top.declaration);
        continue;
      }
      const target = byId.get(ref);
      if (target === undefined)
        throw new Error(`${top.declaration.id} refers to ${ref}, which the program does not hold`);
      enter(target);
    }
  }
  return ordered;
}

/** Ids of everything that a declaration refers to, directly or not. */
export function upstreamOf(byId: ReadonlyMap<string, Declaration>, declaration: Declaration): Set<string> {
  const found = new Set<string>();
  const open = [...declaration.refs];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(byId.get(id)?.refs ?? []));
  }
  return found;
}
