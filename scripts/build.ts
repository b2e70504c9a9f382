/** Bundles the command line and the workers into dist/: start-up time is what a user feels first. */
import { readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

function workers(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return workers(path);
    return entry.name.endsWith(".worker.ts") ? [path] : [];
  });
}

/** Native code, files of their own beside the code, or large and seldom used: these stay in node_modules. */
const external = [
  "@duckdb/node-api",
  "onnxruntime-node",
  "onnxruntime-web",
  "@tensorflow/tfjs-node",
  "json-schema-to-typescript",
];

rmSync(join(root, "dist"), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    mlops: join(root, "cli/main.ts"),
    ...Object.fromEntries(
      workers(join(root, "runtime")).map((file) => [`workers/${basename(file, ".ts")}`, file]),
    ),
  },
  outdir: join(root, "dist"),
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: "linked",
  external,
  chunkNames: "chunks/[name]-[hash]",
  // CommonJS dependencies inside an ES module bundle ask for `require`.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
