/** Tree → text, exactly as it was read. */
import type { SourceTree } from "./tree.ts";

/** The file's text from its tokens: always equal to `tree.text`, comments and white space included. */
export function printTree(tree: SourceTree): string {
  return tree.tokens.map((token) => token.text).join("");
}
