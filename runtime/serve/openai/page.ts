/** The part of `/docs` about one language model. */
import { BASE_PATH, type LanguageManifest } from "./manifest.ts";
import { exampleChat } from "./openapi.ts";

/** @param escapeHtml of text within elements and attributes */
export function languageSection(manifest: LanguageManifest, escapeHtml: (text: string) => string): string {
  const { name, release, version, alias, limits, context, kind, prompt } = manifest;
  const only = kind === "encoder";
  const path = `${BASE_PATH}/${only ? "embeddings" : "chat/completions"}`;
  const example = JSON.stringify(only ? { model: name, input: "Hello" } : exampleChat(manifest), null, 2);
  const token =
    manifest.token === null
      ? ""
      : `<p><label>Bearer token <input name="token" type="password" autocomplete="off"></label></p>`;
  const template =
    prompt === null
      ? "<p>Messages are the model's input as they are.</p>"
      : `<p>Messages are asked through this template:</p><pre>${escapeHtml(prompt.template)}</pre>`;
  const rate = limits.rate === null ? "" : `, ${limits.rate} requests a second`;
  return `<section>
<h2>${escapeHtml(name)}: speaks OpenAI's protocol</h2>
<p><code>POST ${BASE_PATH}/chat/completions</code>, <code>${BASE_PATH}/completions</code>, <code>${BASE_PATH}/embeddings</code>, <code>GET ${BASE_PATH}/models</code> · ${escapeHtml(release)} version ${version} (${escapeHtml(alias)}) · a context of ${context} tokens, at most ${limits.tokens} in an answer · at most ${limits.body} bytes${rate}</p>
${template}
<form data-path="${path}">${token}
<p><textarea name="body" rows="${Math.min(16, example.split("\n").length)}" aria-label="Request" spellcheck="false">${escapeHtml(example)}</textarea></p>
<p><button>Send</button></p><pre aria-live="polite"></pre></form></section>`;
}
