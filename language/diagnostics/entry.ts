/** One entry of the diagnostics catalogue. Every code also has a page, `docs/diagnostics/<code>.md`. */
export interface CatalogueEntry {
  readonly severity: "error" | "warning" | "info";
  /** Says what to change, alone on one line; `{name}` takes a value. */
  readonly message: string;
  /** What to do next, when the message does not say it all. */
  readonly help?: string;
}

export type Catalogue = Readonly<Record<string, CatalogueEntry>>;
