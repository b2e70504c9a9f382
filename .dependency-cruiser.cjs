// The layers of docs/architecture.md: arrows point down only.
//   cli -> lsp, runtime -> stdlib -> language
const layer = (name, allowed) => ({
  name: `${name}-imports-only-lower-layers`,
  comment: `${name}/ may import ${allowed.length ? allowed.join(", ") : "nothing of the project"} (and itself).`,
  severity: "error",
  from: { path: `^${name}/` },
  to: { path: `^(${["cli", "lsp", "runtime", "stdlib", "language"].filter((l) => l !== name && !allowed.includes(l)).join("|")})/` },
});
module.exports = {
  forbidden: [
    layer("language", []),
    layer("stdlib", ["language"]),
    layer("runtime", ["stdlib", "language"]),
    layer("lsp", ["stdlib", "language"]),
    layer("cli", ["lsp", "runtime", "stdlib", "language"]),
    {
      name: "runtime-never-parses-text",
      comment: "The runtime reads the IR and nothing else.",
      severity: "error",
      from: { path: "^runtime/" },
      to: { path: "^language/(syntax|check)/" },
    },
    {
      name: "language-is-pure",
      comment: "No disk, no network, no clock in language/: a Host interface hands it files.",
      severity: "error",
      from: { path: "^(language|stdlib)/" },
      to: { path: "^(node:)?(fs|fs/promises|net|http|https|child_process|worker_threads|sqlite)$", dependencyTypes: ["core"] },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js"] },
  },
};
