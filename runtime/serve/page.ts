/** A small page at `/docs`: each deployment's fields, limits and example, with a form that sends it. Nothing is loaded from elsewhere. */
import { createHash } from "node:crypto";
import type { Manifest } from "./manifest.ts";
import type { LanguageManifest } from "./openai/manifest.ts";
import { languageSection } from "./openai/page.ts";

export interface Page {
  readonly html: string;
  /** Value of Content-Security-Policy: only this page's own script and style run. */
  readonly policy: string;
}

const STYLE = `
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.5rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #d8dee4;vertical-align:top}
code,textarea,pre{font:13px/1.45 ui-monospace,monospace}textarea{width:100%;box-sizing:border-box}
pre{background:#f6f8fa;padding:.8rem;overflow:auto}button{font:inherit;padding:.3rem 1rem}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}pre{background:#161b22}td,th{border-color:#30363d}}`;

const SCRIPT = `
for (const form of document.forms) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const headers = { "content-type": "application/json" };
  if (form.elements.token && form.elements.token.value) headers.authorization = "Bearer " + form.elements.token.value;
  const out = form.querySelector("pre");
  try {
    const answer = await fetch(form.dataset.path, { method: "POST", headers, body: form.elements.body.value });
    const text = await answer.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch {}
    out.textContent = answer.status + " " + answer.statusText + "\\n" + shown;
  } catch (error) { out.textContent = String(error); }
});`;

export function docsPage(manifests: readonly Manifest[], languages: readonly LanguageManifest[] = []): Page {
  const names = [...manifests, ...languages].map((manifest) => manifest.name);
  const sections = [
    ...manifests.map(section),
    ...languages.map((manifest) => languageSection(manifest, escapeHtml)),
  ];
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(names.join(", "))}</title><style>${STYLE}</style></head><body>
<h1>Deployments</h1>
<p><a href="/openapi.json">openapi.json</a> · <a href="/health">health</a> · <a href="/ready">ready</a> · <a href="/metrics">metrics</a></p>
${sections.join("\n")}
<script>${SCRIPT}</script></body></html>
`;
  const policy = `default-src 'none'; style-src '${hash(STYLE)}'; script-src '${hash(SCRIPT)}'; connect-src 'self'; base-uri 'none'; form-action 'self'`;
  return { html, policy };
}

function section(manifest: Manifest): string {
  const { name, release, version, alias, path, limits } = manifest;
  const example = JSON.stringify(manifest.example, null, 2);
  const token =
    manifest.token === null
      ? ""
      : `<p><label>Bearer token <input name="token" type="password" autocomplete="off"></label></p>`;
  return `<section>
<h2>${escapeHtml(name)}: predicts ${escapeHtml(manifest.target)}</h2>
<p><code>POST ${escapeHtml(path)}</code> · ${escapeHtml(release)} version ${version} (${escapeHtml(alias)}) · at most ${limits.batch} rows and ${limits.body} bytes${limits.rate === null ? "" : `, ${limits.rate} requests a second`}</p>
<table><thead><tr><th>Field</th><th>Takes</th></tr></thead><tbody>${fields(manifest)}</tbody></table>
<form data-path="${escapeHtml(path)}">${token}
<p><textarea name="body" rows="${Math.min(16, example.split("\n").length)}" aria-label="Request" spellcheck="false">${escapeHtml(example)}</textarea></p>
<p><button>Send</button></p><pre aria-live="polite"></pre></form></section>`;
}

function fields(manifest: Manifest): string {
  const [row] = (
    manifest.request as {
      readonly oneOf: readonly {
        readonly properties: Readonly<Record<string, { readonly description: string }>>;
      }[];
    }
  ).oneOf;
  return Object.entries(row?.properties ?? {})
    .map(
      ([name, { description }]) =>
        `<tr><td><code>${escapeHtml(name)}</code></td><td>${escapeHtml(description)}</td></tr>`,
    )
    .join("");
}

const hash = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
