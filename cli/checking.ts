/** What checking a spec takes, together: loaded at once where the cache has no answer. */
export { compile } from "../language/compile.ts";
export { schemaOf, templateOf } from "../runtime/plan/meaning.ts";
export { vocabulary } from "../stdlib/vocabulary.ts";
export { placeOf, printDiagnostics, readSettings, readText, shown } from "./load.ts";
