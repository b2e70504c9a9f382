/** What a deployment of a language model pins: everything a caller and an operator need to know of it. */
import type { ColumnSchema } from "../../../language/vocabulary/types.ts";
import type { Deployment } from "../../../stdlib/kinds/deployment.ts";
import type { SessionLimits } from "../../generate/sessions.ts";
import type { Prompt } from "../../learn/language/prompt.ts";
import type { Digest } from "../../store/types.ts";
import type { PinnedVersion } from "../manifest.ts";

export interface LanguageLimits {
  /** Bytes of a request. */
  readonly body: number;
  /** Requests a second from one address; null is no limit. */
  readonly rate: number | null;
  /** Seconds for which open requests may still take after a stop signal. */
  readonly drain: number;
  /** Most texts generated at the same time. */
  readonly batch: number;
  /** Most texts that may wait for a place; more are refused with 503. */
  readonly queue: number;
  /** Tokens of an answer at most, where the request says nothing. */
  readonly tokens: number;
}

/** The form that an answer must have. */
export interface RequiredResponse {
  readonly columns: readonly ColumnSchema[];
  /** How often an answer that has not that form is made again. */
  readonly retries: number;
}

export interface LanguageManifest {
  readonly format: 1;
  readonly protocol: "openai";
  /** The deployment's name outside: the `model` of requests. */
  readonly name: string;
  /** The registered name of the model, its version and the alias that was asked for. */
  readonly release: string;
  readonly version: number;
  readonly alias: string;
  /** Digest of the version's manifest in the registry. */
  readonly model: Digest;
  readonly host: string;
  readonly port: number;
  /** Name of the secret with the bearer token; never its value. */
  readonly token: string | null;
  readonly limits: LanguageLimits;
  readonly kind: "decoder" | "encoder_decoder" | "encoder";
  /** Most tokens of prompt and answer together. */
  readonly context: number;
  readonly vocabulary: number;
  /** What a request without a temperature gets. */
  readonly temperature: number;
  /** How the messages of a chat become the model's input; null: as they are. */
  readonly prompt: Prompt | null;
  /** Texts end before these. */
  readonly stop: readonly string[];
  /** Histories kept here; null keeps none. */
  readonly sessions: SessionLimits | null;
  /** How often an answer that a request's own `response_format` does not fit is made again. */
  readonly retries: number;
  /** Null takes any text. */
  readonly response: RequiredResponse | null;
}

/** Where every deployment of language models answers: clients are given this as their base. */
export const BASE_PATH = "/v1";

/** What a language model says of itself: its `architecture.json` and `generation.json`. */
export interface LanguageFace {
  readonly kind: LanguageManifest["kind"];
  readonly context: number;
  readonly vocabulary: number;
  readonly prompt: Prompt | null;
  readonly stop: readonly string[];
}

/** Texts generated together: more share one pass over the weights, and each waits a little longer for its token. */
const BATCH = 8;
/** Eight batches may wait. */
const QUEUE = 64;

/** Seconds without use after which a conversation is forgotten. */
const SESSION_AGE = 3600;

export function makeLanguageManifest(
  name: string,
  props: Deployment,
  pinned: PinnedVersion,
  face: LanguageFace,
): LanguageManifest {
  return {
    format: 1,
    protocol: "openai",
    name,
    release: pinned.name,
    version: pinned.version,
    alias: pinned.alias,
    model: pinned.model,
    host: props.host,
    port: props.port,
    token: props.token?.secret ?? null,
    limits: {
      body: props.body_limit,
      rate: props.rate_limit ?? null,
      drain: props.drain,
      batch: BATCH,
      queue: QUEUE,
      tokens: props.max_tokens,
    },
    kind: face.kind,
    context: face.context,
    vocabulary: face.vocabulary,
    temperature: props.temperature,
    prompt: face.prompt,
    stop: face.stop,
    sessions: props.sessions === 0 ? null : { count: props.sessions, age: SESSION_AGE },
    retries: props.retries,
    response:
      props.response === "json" ? { columns: face.prompt?.output ?? [], retries: props.retries } : null,
  };
}
