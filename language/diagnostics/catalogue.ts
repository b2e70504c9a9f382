/** Every diagnostic that exists, by code: the one table behind messages, `explain` and the pages. */
import { architecturesDiagnostics } from "./catalogue/architectures.ts";
import { checksDiagnostics } from "./catalogue/checks.ts";
import { dataDiagnostics } from "./catalogue/data.ts";
import { diffDiagnostics } from "./catalogue/diff.ts";
import { earlyDiagnostics } from "./catalogue/early.ts";
import { embeddingsDiagnostics } from "./catalogue/embeddings.ts";
import { enginesDiagnostics } from "./catalogue/engines.ts";
import { exchangeDiagnostics } from "./catalogue/exchange.ts";
import { gatesDiagnostics } from "./catalogue/gates.ts";
import { huggingFaceDiagnostics } from "./catalogue/huggingface.ts";
import { initDiagnostics } from "./catalogue/init.ts";
import { languageEvaluationDiagnostics } from "./catalogue/language-evaluation.ts";
import { namesDiagnostics } from "./catalogue/names.ts";
import { networksDiagnostics } from "./catalogue/networks.ts";
import { portableDiagnostics } from "./catalogue/portable.ts";
import { programsDiagnostics } from "./catalogue/programs.ts";
import { recipesDiagnostics } from "./catalogue/recipes.ts";
import { servingDiagnostics } from "./catalogue/serving.ts";
import { storeDiagnostics } from "./catalogue/store.ts";
import { syntaxDiagnostics } from "./catalogue/syntax.ts";
import { testsDiagnostics } from "./catalogue/tests.ts";
import { tokenizersDiagnostics } from "./catalogue/tokenizers.ts";
import { trainingDiagnostics } from "./catalogue/training.ts";
import { typesDiagnostics } from "./catalogue/types.ts";
import type { Catalogue, CatalogueEntry } from "./entry.ts";

export const catalogue: Catalogue = {
  ...syntaxDiagnostics,
  ...namesDiagnostics,
  ...typesDiagnostics,
  ...checksDiagnostics,
  ...architecturesDiagnostics,
  ...dataDiagnostics,
  ...earlyDiagnostics,
  ...networksDiagnostics,
  ...tokenizersDiagnostics,
  ...trainingDiagnostics,
  ...recipesDiagnostics,
  ...embeddingsDiagnostics,
  ...enginesDiagnostics,
  ...portableDiagnostics,
  ...gatesDiagnostics,
  ...languageEvaluationDiagnostics,
  ...testsDiagnostics,
  ...servingDiagnostics,
  ...storeDiagnostics,
  ...diffDiagnostics,
  ...programsDiagnostics,
  ...initDiagnostics,
  ...huggingFaceDiagnostics,
  ...exchangeDiagnostics,
};

/** The entry of a code; throws on a code that is not in the catalogue, which is a mistake of the program. */
export function entryOf(code: string): CatalogueEntry {
  const entry = catalogue[code];
  if (entry === undefined) throw new Error(`${code} is not in the diagnostics catalogue`);
  return entry;
}

/** The page of a code, relative to the package's folder. */
export const pageOf = (code: string): string => `docs/diagnostics/${code}.md`;

/** Fills a message and begins it with a capital, whatever value it begins with. */
export function sentence(template: string, values: Readonly<Record<string, string>>): string {
  const text = fill(template, values);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A template cut at its names: every second piece is one. A file with many mistakes fills the same ones again. */
const cut = new Map<string, readonly string[]>();

/** Fills `{name}` in a message; a name without a value stays as it is, so that a missing one is seen. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  let pieces = cut.get(template);
  if (pieces === undefined) {
    pieces = template.split(/\{(\w+)\}/);
    cut.set(template, pieces);
  }
  let text = pieces[0]!;
  for (let at = 1; at < pieces.length; at += 2) {
    const name = pieces[at]!;
    text += (values[name] ?? `{${name}}`) + pieces[at + 1]!;
  }
  return text;
}
