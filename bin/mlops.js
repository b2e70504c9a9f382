#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that an old one gets a sentence instead of a syntax error.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(
    `mlops needs Node 22.13 or newer, and this is Node ${process.versions.node}: run it with "npx mlops", which uses the Node that npm installed with it.`,
  );
  process.exit(3);
}
const { enableCompileCache } = await import("node:module");
enableCompileCache();
const { existsSync } = await import("node:fs");
const bundle = new URL("../dist/mlops.js", import.meta.url);
await import(existsSync(bundle) ? bundle.href : new URL("../cli/main.ts", import.meta.url).href);
