/** Runs the README's demo and draws the end of what it prints as docs/images/demo.svg. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const LINE = 19;
const CHARACTER = 8.43;
const MARGIN = 20;

function terminal(args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["bin/mlops.js", ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, CI: "1", NO_COLOR: "1", COLUMNS: "100" },
  });
  if (status !== 0) throw new Error(`mlops ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return stdout.trimEnd();
}

const escapeXml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

rmSync(new URL("../samples/penguins/.mlops", import.meta.url), { recursive: true, force: true });
const spec = "samples/penguins/penguins.mlops";
const lines = [
  `$ mlops run ${spec}`,
  ...terminal(["run", spec]).split("\n"),
  "",
  `$ mlops serve ${spec} --try`,
  ...terminal(["serve", spec, "--try"]).split("\n"),
];

const width = Math.ceil(2 * MARGIN + CHARACTER * Math.max(...lines.map((line) => [...line].length)));
const height = 2 * MARGIN + LINE * lines.length;
const color = (line: string) =>
  line.startsWith("$")
    ? "#7ee787"
    : /failed|blocked/.test(line)
      ? "#ff7b72"
      : /passed|ran\b|released/.test(line)
        ? "#d2f5d8"
        : "#e6edf3";
const rows = lines.map(
  (line, i) =>
    `<text x="${MARGIN}" y="${MARGIN + LINE * (i + 0.75)}" fill="${color(line)}" xml:space="preserve">${escapeXml(line)}</text>`,
);
mkdirSync(new URL("../docs/images/", import.meta.url), { recursive: true });
writeFileSync(
  new URL("../docs/images/demo.svg", import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>
${rows.join("\n")}
</svg>
`,
);
