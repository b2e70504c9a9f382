/** Colours of the terminal, only where they are allowed. */
import { styleText } from "node:util";

export type Tone = "good" | "bad" | "warn" | "dim" | "strong";

const FORMATS = { good: "green", bad: "red", warn: "yellow", dim: "dim", strong: "bold" } as const;

export function paint(color: boolean, tone: Tone, text: string): string {
  return color ? styleText(FORMATS[tone], text, { validateStream: false }) : text;
}
