/** What Prometheus scrapes of generation, beside every deployment's requests and durations. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Load } from "../../generate/types.ts";
import type { Served } from "../metrics.ts";

export interface LanguageMetrics {
  /** Tokens of a request that has ended, however it ended. */
  tokens(served: Served, prompt: number, completion: number): void;
  /** From the request's head to its first token, in seconds. */
  firstToken(served: Served, seconds: number): void;
  /** An answer that had not the required form. */
  misshapen(served: Served): void;
}

const FIRST_TOKEN = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** @param loads asked when scraped */
export function languageMetrics(
  registry: Registry,
  loads: readonly { readonly served: Served; readonly load: () => Load }[],
): LanguageMetrics {
  const registers = [registry];
  const labels = ["model", "version", "variant"] as const;
  const tokens = new Counter({
    name: "mlops_generation_tokens_total",
    help: "Tokens read (prompt) and made (completion).",
    labelNames: [...labels, "kind"],
    registers,
  });
  const first = new Histogram({
    name: "mlops_generation_first_token_seconds",
    help: "Time from a request's head to its first token.",
    labelNames: [...labels],
    buckets: FIRST_TOKEN,
    registers,
  });
  const misshapen = new Counter({
    name: "mlops_generation_misshapen_total",
    help: "Answers that had not the required form.",
    labelNames: [...labels],
    registers,
  });
  const gauge = (name: string, help: string, of: (load: Load) => number) =>
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers,
      collect() {
        for (const { served, load } of loads) this.set(named(served), of(load()));
      },
    });
  gauge("mlops_generation_running_requests", "Texts being generated now.", ({ active }) => active);
  gauge("mlops_generation_queued_requests", "Texts that wait for a place.", ({ waiting }) => waiting);
  return {
    tokens(served, prompt, completion) {
      tokens.inc({ ...named(served), kind: "prompt" }, prompt);
      tokens.inc({ ...named(served), kind: "completion" }, completion);
    },
    firstToken: (served, seconds) => first.observe(named(served), seconds),
    misshapen: (served) => misshapen.inc(named(served)),
  };
}

const named = ({ model, version, variant }: Served) => ({ model, version: String(version), variant });
