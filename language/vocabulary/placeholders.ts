/** `{name}` in templates. Only an identifier in braces is one, so that JSON in a template needs no escapes. */

const PLACEHOLDER = /\{([A-Za-z_]\w*)\}/g;

/** The names in a template, in its order, each as often as it stands there. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] as string);
}

/** The template with values in place of names; a name without a value stays as it is. */
export function fillPlaceholders(template: string, values: ReadonlyMap<string, string>): string {
  return template.replace(PLACEHOLDER, (whole, name: string) => values.get(name) ?? whole);
}
