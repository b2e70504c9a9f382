/** What Prometheus scrapes at `/metrics`. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Who served: the labels of every metric of a deployment. */
export interface Served {
  /** The registered name. */
  readonly model: string;
  readonly version: number;
  /** Which of several arms served; the alias while a deployment has one. */
  readonly variant: string;
}

export interface ServingMetrics {
  readonly contentType: string;
  /** For the metrics of a protocol of its own. */
  readonly registry: Registry;
  /** Counts one request: `seconds` from the arrival of its head to the end of its answer. */
  record(served: Served, code: number, seconds: number): void;
  /** The text exposition format. */
  text(): Promise<string>;
}

/**
 * From 0.1 ms to 30 s: a direct evaluation takes microseconds, a batch of 10,000 rows a good part of a second, a
 * generated text its length.
 */
const BUCKETS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/** A registry of its own for each server, so that several in a process do not share counts. */
export function servingMetrics(served: readonly Served[]): ServingMetrics {
  const registry = new Registry();
  const registers = [registry];
  const labels = ["model", "version", "variant"] as const;
  const requests = new Counter({
    name: "mlops_inference_requests_total",
    help: "Inference requests by answer.",
    labelNames: [...labels, "code"],
    registers,
  });
  const duration = new Histogram({
    name: "mlops_inference_duration_seconds",
    help: "Time from a request's head to the end of its answer.",
    labelNames: [...labels],
    buckets: BUCKETS,
    registers,
  });
  const info = new Gauge({
    name: "mlops_model_info",
    help: "Which models this process serves; always 1.",
    labelNames: [...labels],
    registers,
  });
  for (const one of served) info.set(named(one), 1);
  processMetrics(registers);
  return {
    contentType: registry.contentType,
    registry,
    record(one, code, seconds) {
      requests.inc({ ...named(one), code: String(code) });
      duration.observe(named(one), seconds);
    },
    text: () => registry.metrics(),
  };
}

const named = ({ model, version, variant }: Served) => ({ model, version: String(version), variant });

/** The standard process metrics, read when scraped: prom-client's own set leaves observers behind at close. */
function processMetrics(registers: Registry[]): void {
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory size in bytes.",
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Counter({
    name: "process_cpu_seconds_total",
    help: "Total user and system CPU time spent in seconds.",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    name: "process_start_time_seconds",
    help: "Start time of the process since unix epoch in seconds.",
    registers,
  }).set(performance.timeOrigin / 1000);
}
