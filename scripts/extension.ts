/** Builds the VS Code extension into vscode-extension/dist; with `--package` a .vsix beside it. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
export const EXTENSION = join(root, "vscode-extension");
/** The packager, as the registry has it. */
const VSCE = "@vscode/vsce@3.9.2";

export async function buildExtension(): Promise<void> {
  await build({
    absWorkingDir: EXTENSION,
    entryPoints: { extension: "src/extension.ts" },
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    external: ["vscode"],
    minify: true,
    sourcemap: "linked",
    logLevel: "warning",
  });
  mkdirSync(join(EXTENSION, "images"), { recursive: true });
  writeFileSync(join(EXTENSION, "images", "icon.png"), icon(128));
  copyFileSync(join(root, "LICENSE"), join(EXTENSION, "LICENSE"));
}

/** Three points and two lines, as in `images/file.svg`, on a dark round ground. PNG (ISO/IEC 15948), RGBA, 8 bits. */
export function icon(size: number): Buffer {
  const unit = size / 16;
  const rows = Buffer.alloc(size * (1 + size * 4));
  const points = [
    { x: 3.6, y: 8, radius: 2, color: [76, 141, 214] },
    { x: 12.4, y: 4, radius: 2, color: [63, 174, 122] },
    { x: 12.4, y: 12, radius: 2, color: [224, 160, 58] },
  ] as const;
  const lines = [
    [3.6, 8, 12.4, 4],
    [3.6, 8, 12.4, 12],
  ] as const;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const [x, y] = [(column + 0.5) / unit, (row + 0.5) / unit];
      const layers: (readonly [readonly number[], number])[] = [
        [[22, 27, 34], cover(rounded(x, y), unit)],
        ...lines.map((line) => [[139, 148, 158], cover(0.5 - toLine(x, y, line), unit)] as const),
        ...points.map(
          ({ x: px, y: py, radius, color }) =>
            [color, cover(radius - Math.hypot(x - px, y - py), unit)] as const,
        ),
      ];
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (const [[r = 0, g = 0, b = 0], a] of layers) {
        [red, green, blue] = [red * (1 - a) + r * a, green * (1 - a) + g * a, blue * (1 - a) + b * a];
        alpha += a * (1 - alpha);
      }
      rows.set([red, green, blue, alpha * 255].map(Math.round), row * (1 + size * 4) + 1 + column * 4);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** How much of a pixel lies inside, by its distance from the edge. */
const cover = (inside: number, unit: number): number => Math.max(0, Math.min(1, inside * unit + 0.5));

/** Distance from the edge of a square with round corners, positive inside. */
function rounded(x: number, y: number): number {
  const [dx, dy] = [Math.max(Math.abs(x - 8) - 5, 0), Math.max(Math.abs(y - 8) - 5, 0)];
  return 3 - Math.hypot(dx, dy);
}

function toLine(x: number, y: number, [ax, ay, bx, by]: readonly [number, number, number, number]): number {
  const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
  const at = Math.max(0, Math.min(1, along));
  return Math.hypot(x - (ax + at * (bx - ax)), y - (ay + at * (by - ay)));
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** Makes `vscode-extension/mlops-vscode.vsix`; throws where the packager cannot be had. */
export function packageExtension(): string {
  const file = join(EXTENSION, "mlops-vscode.vsix");
  const made = spawnSync(
    "npx",
    ["--yes", VSCE, "package", "--no-dependencies", "--allow-missing-repository", "--out", file],
    {
      cwd: EXTENSION,
      encoding: "utf8",
    },
  );
  if (made.status !== 0) throw new Error(`the packager said: ${made.stderr || String(made.error)}`);
  return file;
}

if (import.meta.main) {
  await buildExtension();
  if (process.argv.includes("--package")) console.log(`wrote ${packageExtension()}`);
}
