/** Langium with a grammar of the same language, ready to be started as a peer. */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { vocabulary } from "../stdlib/vocabulary.ts";

const LANGIUM = "4.4.0";

export const peersFolder = (root: string): string => join(root, "node_modules/.cache/peers/langium");

/** Files that `langium-peer.js` is started with. */
export interface LangiumPeer {
  readonly peer: string;
  readonly grammar: string;
  readonly words: string;
}

export function prepareLangium(root: string): LangiumPeer {
  const peer = install(root);
  const words = join(peersFolder(root), "vocabulary.json");
  const grammar = join(peersFolder(root), "grammar.json");
  writeFileSync(words, JSON.stringify(peerVocabulary()));
  const args = [peer, "prepare", join(root, "bench/language.langium"), grammar];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return { peer, grammar, words };
}

/** Installs Langium beside the project's own dependencies, never among them. */
function install(root: string): string {
  const peers = peersFolder(root);
  const installed = join(peers, "node_modules/langium/package.json");
  mkdirSync(peers, { recursive: true });
  if (!existsSync(installed) || !readFileSync(installed, "utf8").includes(`"version": "${LANGIUM}"`)) {
    const manifest = { private: true, type: "module", dependencies: { langium: LANGIUM } };
    writeFileSync(join(peers, "package.json"), JSON.stringify(manifest));
    const args = ["install", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved"];
    const { status } = spawnSync("npm", args, { cwd: peers, stdio: "inherit" });
    if (status !== 0) {
      console.error("Langium can't be installed, so there is nothing to compare with.");
      process.exit(3);
    }
  }
  const peer = join(peers, "peer.js");
  copyFileSync(join(root, "bench/langium-peer.js"), peer);
  return peer;
}

/** What a Langium author would put into a library file and a validator: the vocabulary's words and attributes. */
function peerVocabulary(): object {
  const kinds = Object.values(vocabulary.kinds).map((kind) => [
    kind.name,
    Object.fromEntries(
      Object.values(kind.variants).map(({ name, schema }) => [name, Object.keys(schema.shape)]),
    ),
  ]);
  const functions = Object.values(vocabulary.functions).map(({ name }) => name);
  const variants = Object.values(vocabulary.kinds).flatMap((kind) => Object.keys(kind.variants));
  const types = ["string", "int", "float", "boolean", "category", "text", "date", "timestamp", "ratio"];
  const choices = ["median", "mean", "standard", "macro", "majority", "confidence", "optional", "champion"];
  const words = [
    ...functions,
    ...variants,
    ...Object.keys(vocabulary.metrics),
    ...types,
    ...choices,
    "one_hot",
    "ordinal",
    "baseline",
  ];
  return { kinds: Object.fromEntries(kinds), words: [...new Set(words)] };
}
