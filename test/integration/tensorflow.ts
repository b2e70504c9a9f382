/**
 * A working @tensorflow/tfjs-node for the integration suites. Its own install step downloads libtensorflow; here that
 * comes from pip's tensorflow-cpu, whose C interface is the same, and the binding is compiled against it.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const TFJS = "4.22.0";
const TENSORFLOW = "2.21.0";
const LIBRARIES = ["libtensorflow_cc", "libtensorflow_framework"] as const;
/** Folders of headers that TensorFlow's C interface includes. */
const HEADERS = ["tensorflow/c", "xla/tsl/c", "tsl/platform"] as const;

class Unavailable extends Error {}

/**
 * Makes the package once, below `.venv/tensorflow`.
 * @param python of a virtual environment with pip
 * @returns what NODE_PATH must be so that the package is found, or why it cannot be had
 */
export function ensureTensorflow(root: string, python: string): string | { readonly unavailable: string } {
  const folder = join(root, ".venv", "tensorflow");
  const modules = join(folder, "node_modules");
  const stamp = join(folder, `installed-${TFJS}-${TENSORFLOW}-${process.versions.modules}`);
  if (existsSync(stamp)) return modules;
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    npm(folder, ["install", "--ignore-scripts", "--no-audit", "--no-fund", `@tensorflow/tfjs-node@${TFJS}`]);
    const library = libtensorflow(folder, python);
    const tfjs = join(modules, "@tensorflow", "tfjs-node");
    place(library, tfjs);
    const headers = nodeHeaders(folder);
    // Through npm, which brings node-gyp.
    const build = ["exec", "--", "node-pre-gyp", "install", "--build-from-source", `--nodedir=${headers}`];
    run("npm", build, tfjs);
    writeFileSync(stamp, "");
    rmSync(join(folder, "wheel"), { recursive: true, force: true });
    return modules;
  } catch (error) {
    if (error instanceof Unavailable) return { unavailable: error.message };
    throw error;
  }
}

/** The unpacked wheel's package folder. */
function libtensorflow(folder: string, python: string): string {
  const wheel = join(folder, "wheel");
  const pip = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"];
  run(python, [...pip, "--dest", wheel, `tensorflow-cpu==${TENSORFLOW}`], folder);
  const [file] = globSync("*.whl", { cwd: wheel });
  if (file === undefined) throw new Unavailable("pip got no wheel of tensorflow-cpu");
  run(python, ["-m", "zipfile", "-e", file, "."], wheel);
  return join(wheel, "tensorflow");
}

/** Puts libraries and headers where the package's own install step would. */
function place(library: string, tfjs: string): void {
  const lib = join(tfjs, "deps", "lib");
  const include = join(tfjs, "deps", "include");
  mkdirSync(lib, { recursive: true });
  for (const name of LIBRARIES) {
    const from = join(library, `${name}.so.2`);
    if (!existsSync(from))
      throw new Unavailable(`tensorflow-cpu ${TENSORFLOW} has no ${name}.so.2 for this system`);
    cpSync(from, join(lib, `${name}.so.2`));
  }
  symlinkSync("libtensorflow_cc.so.2", join(lib, "libtensorflow.so"));
  symlinkSync("libtensorflow_framework.so.2", join(lib, "libtensorflow_framework.so"));
  for (const name of HEADERS)
    cpSync(join(library, "include", name), join(include, name), { recursive: true });
  const strings = "tensorflow/core/platform";
  for (const file of globSync("ctstring*.h", { cwd: join(library, "include", strings) })) {
    cpSync(join(library, "include", strings, file), join(include, strings, file));
  }
}

/** A folder with `include/node`: of this Node, of the repository's, or of the package that brings one. */
function nodeHeaders(folder: string): string {
  const package_ = `node-${process.platform}-${process.arch}`;
  const near = [dirname(dirname(process.execPath))];
  try {
    const brought = createRequire(createRequire(import.meta.url).resolve("node/package.json"));
    near.push(dirname(brought.resolve(`${package_}/package.json`)));
  } catch {
    // The repository's Node did not come from npm.
  }
  const found = near.find((place_) => existsSync(join(place_, "include", "node", "node.h")));
  if (found !== undefined) return found;
  npm(folder, [
    "install",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    `${package_}@${process.versions.node}`,
  ]);
  return join(folder, "node_modules", package_);
}

const npm = (folder: string, args: readonly string[]): void => run("npm", args, folder);

function run(program: string, args: readonly string[], cwd: string): void {
  const done = spawnSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  if (done.error !== undefined)
    throw new Unavailable(`${program} could not be started: ${done.error.message}`);
  if (done.status !== 0) {
    const said = `${done.stderr}`.trim().split("\n").slice(-3).join(" ");
    throw new Unavailable(`${program} ${args.join(" ")} failed: ${said}`);
  }
}
