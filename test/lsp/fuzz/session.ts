/** One server under random edits and requests, and fresh ones beside it that must answer the same. */
import { setImmediate, setTimeout } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { CancellationTokenSource, ErrorCodes, LSPErrorCodes } from "vscode-languageserver-protocol/node";
import { Random } from "../../../scripts/fuzz/random.ts";
import { type Client, connect, FOLDER } from "../client.ts";
import { FILES, randomEdit } from "./edits.ts";
import { type Asked, REQUESTS, randomRequest } from "./requests.ts";
import type { Change } from "./text.ts";

/** Milliseconds after which a request counts as unanswered, and diagnostics as old for good. */
const PATIENCE = 20_000;
const POLL = 15;
/** Milliseconds in which diagnostics are usually there; nothing depends on it. */
const MENDED = 80;
/** Steps between two comparisons: after few, most files have changed only in what they import. */
const BURSTS = [1, 2, 2, 4, 10, 60] as const;

/** What the server may refuse a request with; anything else is a crash. */
const REFUSALS: readonly number[] = [
  ErrorCodes.InvalidRequest,
  LSPErrorCodes.RequestCancelled,
  LSPErrorCodes.ContentModified,
];

interface Document {
  readonly uri: string;
  text: string;
  readonly before: string[];
  version: number;
}

export interface Tally {
  edits: number;
  requests: number;
  compared: number;
}

export class Session {
  readonly tally: Tally = { edits: 0, requests: 0, compared: 0 };
  readonly #random: Random;
  readonly #disk: Record<string, string>;
  readonly #client: Client;
  readonly #open = new Map<string, Document>();
  readonly #published = new Map<string, readonly object[]>();
  readonly #pending = new Set<Promise<unknown>>();
  #failure: Error | null = null;

  private constructor(random: Random, disk: Record<string, string>, client: Client) {
    this.#random = random;
    this.#disk = disk;
    this.#client = client;
    client.connection.onNotification(
      "textDocument/publishDiagnostics",
      ({ uri, diagnostics }: { uri: string; diagnostics: object[] }) =>
        void this.#published.set(uri, diagnostics),
    );
  }

  static async start(seed: number): Promise<Session> {
    const disk = Object.fromEntries(Object.entries(FILES).map(([name, text]) => [`${FOLDER}/${name}`, text]));
    return new Session(new Random(seed, 0), disk, await connect({ files: disk }));
  }

  async close(): Promise<void> {
    await this.#settled();
    await this.#client.close();
  }

  /** A few steps or many, some at once, some after the server has had its turn. */
  async burst(): Promise<void> {
    // Names that cross files mean nothing in files that are broken all over.
    if (this.#random.below(3) === 0) await this.#mend();
    for (let left = this.#random.pick(BURSTS); left > 0; left -= 1) {
      this.#step();
      if (this.#random.below(7) === 0) await setImmediate();
    }
  }

  /** One thing that an editor may do. */
  #step(): void {
    const random = this.#random;
    const documents = [...this.#open.values()];
    const choice = random.below(100);
    if (documents.length === 0 || choice < 4) this.#openOne();
    else if (choice < 6) this.#close(random.pick(documents));
    else if (choice < 8) this.#changeOnDisk();
    else if (choice < 50) this.#edit(random.pick(documents));
    else {
      const { uri, text } = random.pick(documents);
      this.#ask(randomRequest(uri, text, random), random.below(5) === 0);
    }
  }

  /** Every file open and valid, and the server done with it. */
  async #mend(): Promise<void> {
    for (const [name, text] of Object.entries(FILES)) {
      const document = this.#open.get(`file://${FOLDER}/${name}`);
      if (document === undefined) this.#openAs(name, text);
      else this.#change(document, text, [{ text }]);
    }
    await setTimeout(MENDED);
  }

  #notify(method: string, params: object): void {
    void this.#client.connection.sendNotification(method, params);
  }

  #openOne(): void {
    const name = this.#random.pick(Object.keys(FILES));
    if (this.#open.has(`file://${FOLDER}/${name}`)) return;
    const onDisk = this.#disk[`${FOLDER}/${name}`] ?? "";
    this.#openAs(name, this.#random.below(2) === 0 ? FILES[name]! : onDisk);
  }

  #openAs(name: string, text: string): void {
    const uri = `file://${FOLDER}/${name}`;
    this.#open.set(uri, { uri, text, before: [], version: 1 });
    this.#notify("textDocument/didOpen", { textDocument: { uri, languageId: "mlops", version: 1, text } });
  }

  #close({ uri }: Document): void {
    this.#open.delete(uri);
    this.#notify("textDocument/didClose", { textDocument: { uri } });
  }

  #changeOnDisk(): void {
    const name = this.#random.pick(Object.keys(FILES));
    const path = `${FOLDER}/${name}`;
    const [was, gone] = [this.#disk[path], this.#random.below(5) === 0];
    if (gone) delete this.#disk[path];
    else this.#disk[path] = randomEdit(was ?? FILES[name]!, [], this.#random).text;
    const type = gone ? 3 : was === undefined ? 1 : 2;
    this.#notify("workspace/didChangeWatchedFiles", { changes: [{ uri: `file://${path}`, type }] });
  }

  #edit(document: Document): void {
    const { text, changes } = randomEdit(document.text, document.before, this.#random);
    this.#change(document, text, changes);
  }

  #change(document: Document, text: string, changes: readonly Change[]): void {
    document.before.push(document.text);
    if (document.before.length > 20) document.before.shift();
    document.text = text;
    document.version += 1;
    this.tally.edits += 1;
    const textDocument = { uri: document.uri, version: document.version };
    this.#notify("textDocument/didChange", { textDocument, contentChanges: changes });
  }

  #ask(asked: Asked, cancel: boolean): void {
    this.tally.requests += 1;
    const source = new CancellationTokenSource();
    const answer = answered(this.#client, asked, source).then(
      () => {},
      (error: Error) => {
        this.#failure ??= error;
      },
    );
    this.#pending.add(answer);
    void answer.then(() => this.#pending.delete(answer));
    if (cancel) source.cancel();
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#pending);
    if (this.#failure !== null) throw this.#failure;
  }

  /** After quiet every answer is that of a server that has seen nothing but these texts. */
  async compare(places: number): Promise<void> {
    await this.#settled();
    const fresh = await connect({ files: { ...this.#disk } });
    try {
      for (const { uri, text } of this.#open.values())
        void fresh.connection.sendNotification("textDocument/didOpen", {
          textDocument: { uri, languageId: "mlops", version: 1, text },
        });
      for (const { uri } of this.#open.values()) await this.#publishedAs(fresh, uri);
      for (const { uri, text } of this.#open.values())
        for (let count = 0; count < places; count += 1)
          for (const [method, make] of Object.entries(REQUESTS))
            await this.#same(fresh, { method, params: make(uri, text, this.#random) }, text);
    } finally {
      await fresh.close();
    }
  }

  /** Waits until what was published last is what is wrong now. */
  async #publishedAs(fresh: Client, uri: string): Promise<void> {
    const asked = { method: "textDocument/diagnostic", params: { textDocument: { uri } } };
    const { items } = (await answered(fresh, asked)) as { items: object[] };
    const start = performance.now();
    while (!isDeepStrictEqual(this.#published.get(uri) ?? [], items)) {
      if (performance.now() - start > PATIENCE)
        throw new Error(
          `stale diagnostics of ${uri}:\n${JSON.stringify(this.#published.get(uri))}\ninstead of\n${JSON.stringify(items)}`,
        );
      await setTimeout(POLL);
    }
  }

  async #same(fresh: Client, asked: Asked, text: string): Promise<void> {
    const theirs = await answered(fresh, asked);
    let ours = await answered(this.#client, asked);
    this.tally.compared += 1;
    // What a file takes from others may still be on its way.
    const start = performance.now();
    while (!isDeepStrictEqual(ours, theirs) && performance.now() - start < PATIENCE) {
      await setTimeout(POLL);
      ours = await answered(this.#client, asked);
    }
    if (isDeepStrictEqual(ours, theirs)) return;
    const shown = (answer: unknown) => JSON.stringify(answer)?.slice(0, 1_500);
    throw new Error(
      `stale answer to ${asked.method} ${JSON.stringify(asked.params)}:\n${shown(ours)}\ninstead of\n${shown(theirs)}\n${text}`,
    );
  }
}

/** The answer; a refusal as its message. A crash, or none in time, throws. */
async function answered(
  { connection }: Client,
  { method, params }: Asked,
  source = new CancellationTokenSource(),
): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const say = () => reject(new Error(`no answer to ${method} ${JSON.stringify(params)}`));
    timer = globalThis.setTimeout(say, PATIENCE);
  });
  try {
    return await Promise.race([connection.sendRequest(method, params, source.token), late]);
  } catch (error) {
    const { code, message } = error as { code?: number; message: string };
    if (code !== undefined && REFUSALS.includes(code)) return { refused: message };
    throw new Error(`${method} ${JSON.stringify(params)}: ${message}`);
  } finally {
    clearTimeout(timer);
  }
}
