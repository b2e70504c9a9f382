/**
 * Scenes of the language server's tests, read as prose: `fixtures/FEATURE/NAME.txt` has one scene after the other,
 *
 *     === what it shows
 *     a spec with the cursor at ‸
 *     ---
 *     what the server answers
 *
 * A scene may name further files (`--- other.mlops`) before its answer. `npm run baselines` writes the answers anew.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { answers } from "./answers.ts";
import { FOLDER, marked } from "./client.ts";

const FIXTURES = fileURLToPath(new URL("./fixtures/", import.meta.url));

export interface Scene {
  readonly title: string;
  /** The marked text of the spec, as it is written. */
  readonly spec: string;
  /** Further files, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly answer: string;
}

export interface SceneFile {
  readonly file: string;
  readonly feature: string;
  readonly name: string;
  readonly scenes: readonly Scene[];
}

const pieces = (text: string): string[] =>
  text.split(/^(?==== )/m).filter((piece) => piece.startsWith("=== "));

export function parseScenes(text: string): Scene[] {
  return pieces(text).map((piece) => {
    const [head = "", ...rest] = piece.split("\n");
    const parts = rest.join("\n").split(/^--- ?(.*)\n/m);
    const [spec = ""] = parts;
    const files: Record<string, string> = {};
    let answer = "";
    for (let at = 1; at < parts.length; at += 2) {
      const [name = "", body = ""] = [parts[at], parts[at + 1]];
      if (name === "") answer = body;
      else files[name] = body;
    }
    return { title: head.slice(4), spec, files, answer: answer.trimEnd() };
  });
}

export const writeScenes = (scenes: readonly Scene[]): string =>
  scenes
    .map(({ title, spec, files, answer }) => {
      const others = Object.entries(files).map(([name, body]) => `--- ${name}\n${body}`);
      return `=== ${title}\n${spec}${others.join("")}---\n${answer}\n`;
    })
    .join("\n");

/** What the server answers now. */
export function answerOf(feature: string, { spec, files }: Scene): Promise<string> {
  const { text, marks } = marked(spec);
  const answer = answers[feature];
  if (answer === undefined) throw new Error(`test/lsp/answers.ts does not say how ${feature} is asked`);
  const placed = Object.fromEntries(Object.entries(files).map(([name, body]) => [`${FOLDER}/${name}`, body]));
  return answer({ text, marks, files: placed });
}

export function sceneFiles(): SceneFile[] {
  if (!existsSync(FIXTURES)) return [];
  return readdirSync(FIXTURES).flatMap((feature) =>
    readdirSync(join(FIXTURES, feature))
      .filter((name) => name.endsWith(".txt"))
      .map((name) => {
        const file = join(FIXTURES, feature, name);
        return { file, feature, name, scenes: parseScenes(readFileSync(file, "utf8")) };
      }),
  );
}
