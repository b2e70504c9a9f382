/** Writes `schemas/`: the JSON Schema of the IR, from the vocabulary. `npm run schemas`; a test says when it is stale. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { irJsonSchema } from "../language/ir/json-schema.ts";
import { IR_VERSION } from "../language/ir/program.ts";
import { vocabulary } from "../stdlib/vocabulary.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** By path relative to the repository. */
export const schemas = (): Readonly<Record<string, string>> => ({
  [`schemas/mlops-ir-${IR_VERSION}.schema.json`]: `${JSON.stringify(irJsonSchema(vocabulary), null, 2)}\n`,
});

if (import.meta.main) {
  for (const [path, text] of Object.entries(schemas())) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
