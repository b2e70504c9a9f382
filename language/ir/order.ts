/** The program as a graph: what stands before what, and what follows from what. */
import type { Declaration, Program } from "./program.ts";

/** `scorer` of `model.scorer`, `loans_tr.scorer` of `model.loans_tr.scorer`. */
export const nameOf = (id: string): string => id.slice(id.indexOf(".") + 1);

/** `model.scorer` as people say it: `model scorer`. */
export const spoken = (id: string): string => id.replace(".", " ");

/** Declarations so that each stands after those it names; otherwise in the order of the spec. */
export function inOrder(program: Pick<Program, "declarations">): Declaration[] {
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
  return reached(declaration.refs, (id) => byId.get(id)?.refs ?? []);
}

/** By id, the ids of the declarations that name it. */
export function usersOf(declarations: readonly Declaration[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const { id, refs } of declarations) {
    for (const ref of refs) users.set(ref, [...(users.get(ref) ?? []), id]);
  }
  return users;
}

/** Everything that can be reached from the given ids, they themselves included, going along `next`. */
export function reached(from: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...next(id));
  }
  return found;
}
