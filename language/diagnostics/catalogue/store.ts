import type { Catalogue } from "../entry.ts";

export const storeDiagnostics = {} as const satisfies Catalogue;
