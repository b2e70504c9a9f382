/** Pieces of Mermaid flowcharts. */

/** An id for a node: letters, digits and underscores only, and never a word of Mermaid's own. */
export function mermaidId(id: string): string {
  // Whatever is no plain letter is written by its code point, so that two ids never become one.
  return id.replace(/[^A-Za-z0-9_]/gu, (sign) =>
    sign === "." ? "__" : `_${sign.codePointAt(0)!.toString(16)}_`,
  );
}

/** Text inside of a quoted label. */
export function mermaidText(text: string): string {
  return text.replace(/[&<>"#]/g, (sign) => `#${sign.codePointAt(0)};`);
}
