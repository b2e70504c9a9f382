/** A helper thread of word2vec. */
import { workerData } from "node:worker_threads";
import type { Shared } from "./shared.ts";
import { help } from "./team.ts";

const { shared, thread } = workerData as { shared: Shared; thread: number };
await help(shared, thread);
