/** Run as a process of its own: `register-many.ts ROOT WHO` registers and promotes many versions. */
import { openRegistry } from "../../runtime/registry/registry.ts";
import type { Digest } from "../../runtime/store/types.ts";

const [root = "", who = ""] = process.argv.slice(2);
const registry = openRegistry(root);
const digest = (content: string): Digest => `sha256:${content.padEnd(64, "0")}`;
for (let i = 0; i < 10; i += 1) {
  for (const content of [`${who}a${i}`, `0${i}`]) {
    const version = {
      name: "loans",
      files: { "model.onnx": digest(content) },
      threshold: null,
      metrics: {},
      by: who,
    };
    registry.release(version, "champion");
  }
}
registry.close();
