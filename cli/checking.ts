/** What checking a spec takes, together: loaded at once where the cache has no answer. */
export { schemaOf, templateOf } from "../runtime/plan/meaning.ts";
export { vocabulary } from "../stdlib/vocabulary.ts";
export { compileFile, printDiagnostics, readSettings } from "./load.ts";
export { placeOf, readText } from "./read-text.ts";
