/** A small SVG writer: text and shapes, coloured by classes that follow the reader's light or dark scheme. */

export const WIDTH = 440;
export const HEIGHT = 360;

/** Colours that keep their distance for colour-blind readers (Okabe & Ito), on light and on dark ground. */
const STYLE = `
text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #3a3f47; }
.title { font-size: 14px; font-weight: 600; fill: #15181d; }
.small { font-size: 11px; }
.ground { fill: #ffffff; }
.grid { stroke: #e4e7eb; stroke-width: 1; }
.axis { stroke: #8b929c; stroke-width: 1; }
.guide { stroke: #8b929c; stroke-width: 1.25; stroke-dasharray: 4 4; fill: none; }
.line { stroke-width: 2; fill: none; stroke-linejoin: round; }
.a { stroke: #0072b2; } .b { stroke: #d55e00; } .c { stroke: #009e73; } .d { stroke: #cc79a7; } .e { stroke: #8a6d00; } .f { stroke: #56b4e9; }
.fa { fill: #0072b2; } .fb { fill: #d55e00; } .fc { fill: #009e73; } .fd { fill: #cc79a7; } .fe { fill: #8a6d00; } .ff { fill: #56b4e9; }
.faint { fill-opacity: 0.45; }
.on { fill: #ffffff; }
@media (prefers-color-scheme: dark) {
  text { fill: #c3c9d2; }
  .title { fill: #f2f4f7; }
  .ground { fill: #15181d; }
  .grid { stroke: #2b3038; }
  .axis, .guide { stroke: #77808c; }
  .a { stroke: #4da3dd; } .b { stroke: #ff8a3d; } .c { stroke: #3ccf9f; } .d { stroke: #e59ac4; } .e { stroke: #d9b53a; } .f { stroke: #8ccdf2; }
  .fa { fill: #4da3dd; } .fb { fill: #ff8a3d; } .fc { fill: #3ccf9f; } .fd { fill: #e59ac4; } .fe { fill: #d9b53a; } .ff { fill: #8ccdf2; }
  .on { fill: #0d0f12; }
}`;

export const SERIES = ["a", "b", "c", "d", "e", "f"] as const;

export type Attributes = Readonly<Record<string, string | number>>;

/** One element; numbers are rounded to hundredths of a pixel, so that equal data gives equal bytes. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === "number" ? short(value) : escapeText(value)}"`,
  );
  return content === ""
    ? `<${name}${written.join("")}/>`
    : `<${name}${written.join("")}>${content}</${name}>`;
}

export function label(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escapeText(content));
}

/** `title` is also what a screen reader says. */
export function picture(
  title: string,
  description: string,
  body: readonly string[],
  height = HEIGHT,
): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`;
  const words = `<title>${escapeText(title)}</title><desc>${escapeText(description)}</desc><style>${STYLE}\n</style>`;
  const ground = element("rect", { class: "ground", width: WIDTH, height, rx: 6 });
  return `${head}\n${words}\n${[ground, label(20, 26, title, { class: "title" }), ...body].join("\n")}\n</svg>\n`;
}

export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Shortens a long name; the picture has no room for more. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
