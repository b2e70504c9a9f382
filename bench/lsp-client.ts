/** A client of a language server in a process of its own, with nothing between it and the clock. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly uri?: string; readonly diagnostics?: readonly unknown[] };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (message: Message) => void>();
  readonly #published = new Map<string, () => void>();
  #received = Buffer.alloc(0);
  #next = 1;

  constructor(args: readonly string[], cwd: string) {
    this.#child = spawn(process.execPath, args, { cwd, stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout?.on("data", (piece: Buffer) => {
      this.#received = Buffer.concat([this.#received, piece]);
      for (let message = this.#take(); message !== null; message = this.#take()) this.#heard(message);
    });
  }

  #take(): Message | null {
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return null;
    const length = Number(/Content-Length: (\d+)/i.exec(this.#received.toString("latin1", 0, end))?.[1]);
    const whole = end + 4 + length;
    if (this.#received.length < whole) return null;
    const message = JSON.parse(this.#received.toString("utf8", end + 4, whole)) as Message;
    this.#received = this.#received.subarray(whole);
    return message;
  }

  #heard(message: Message): void {
    const { id, method, params } = message;
    if (id !== undefined && method === undefined) {
      this.#answers.get(id)?.(message);
      this.#answers.delete(id);
    } else if (id !== undefined) this.#send({ id, result: null });
    if (method !== "textDocument/publishDiagnostics" || params?.uri === undefined) return;
    this.#published.get(params.uri)?.();
    this.#published.delete(params.uri);
  }

  #send(message: object): void {
    const text = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    this.#child.stdin?.write(`Content-Length: ${text.length}\r\n\r\n`);
    this.#child.stdin?.write(text);
  }

  notify(method: string, params: object): void {
    this.#send({ method, params });
  }

  request(method: string, params: object): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
      );
      this.#send({ id, method, params });
    });
  }

  /** The next diagnostics of a document. */
  published = (uri: string): Promise<void> =>
    new Promise((resolve) => void this.#published.set(uri, resolve));

  async initialize(folder: string | null): Promise<void> {
    const workspaceFolders = folder === null ? [] : [{ uri: pathToFileURL(folder).href, name: "bench" }];
    const rootUri = workspaceFolders[0]?.uri ?? null;
    await this.request("initialize", { processId: null, rootUri, capabilities: {}, workspaceFolders });
    this.notify("initialized", {});
  }

  /** Megabytes that it holds now; NaN where the system has no `/proc`. */
  megabytes(): number {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    } catch {
      return Number.NaN;
    }
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    await this.request("shutdown", {}).catch(() => {}); // it is going anyhow
    this.notify("exit", {});
    await gone;
  }
}
