/** A client and a server over a pair of streams, and specs with places marked in them. */
import { PassThrough } from "node:stream";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import type {
  InitializeParams,
  Position,
  ProtocolConnection,
  PublishDiagnosticsParams,
} from "vscode-languageserver-protocol/node";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { disk as realDisk } from "../../cli/lsp/disk.ts";
import type { Disk } from "../../lsp/files.ts";
import { type Knowledge, NO_KNOWLEDGE } from "../../lsp/knowledge.ts";
import { pathOf } from "../../lsp/locations.ts";
import { serve } from "../../lsp/server.ts";

export interface Client {
  readonly connection: ProtocolConnection;
  /** Opens a text; gives its address. */
  open(name: string, text: string): string;
  change(uri: string, text: string): void;
  /** The next diagnostics that are published for it. */
  published(uri: string): Promise<PublishDiagnosticsParams>;
  close(): Promise<void>;
}

export interface ClientOptions {
  /** Files on disk by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly knowledge?: Knowledge;
  readonly initialize?: Partial<InitializeParams>;
}

export const FOLDER = "/project";

/** Files in memory, with the language's own library from the disk. */
export function memoryDisk(files: Readonly<Record<string, string>>): Disk {
  return {
    read: (path) => files[path] ?? (path.startsWith("std:") ? realDisk.read(path) : null),
    specs: (folder) =>
      Object.keys(files).filter((path) => path.startsWith(`${folder}/`) && path.endsWith(".mlops")),
    list: (folder) => {
      const below = Object.keys(files).filter((path) => path.startsWith(`${folder}/`));
      const names = below.map((path) => path.slice(folder.length + 1));
      return [
        ...new Set(names.map((name) => (name.includes("/") ? name.slice(0, name.indexOf("/") + 1) : name))),
      ].sort();
    },
  };
}

/** Starts a server in this process and shakes hands with it. */
export async function connect({
  files = {},
  knowledge = NO_KNOWLEDGE,
  initialize = {},
}: ClientOptions = {}): Promise<Client> {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const server = createConnection(ProposedFeatures.all, up, down);
  serve(server, { disk: memoryDisk(files), knowledge, version: "test" });
  server.listen();
  const connection = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  const waiting = new Map<string, ((params: PublishDiagnosticsParams) => void)[]>();
  connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
    for (const tell of waiting.get(params.uri) ?? []) tell(params);
    waiting.delete(params.uri);
  });
  connection.listen();
  await connection.sendRequest("initialize", {
    processId: null,
    rootUri: null,
    capabilities: {},
    workspaceFolders: [{ uri: `file://${FOLDER}`, name: "project" }],
    ...initialize,
  });
  void connection.sendNotification("initialized", {});
  let version = 1;
  return {
    connection,
    open(name, text) {
      const uri = `file://${FOLDER}/${name}`;
      const textDocument = { uri, languageId: "mlops", version: version++, text };
      void connection.sendNotification("textDocument/didOpen", { textDocument });
      return uri;
    },
    change(uri, text) {
      const params = { textDocument: { uri, version: version++ }, contentChanges: [{ text }] };
      void connection.sendNotification("textDocument/didChange", params);
    },
    published: (uri) => new Promise((resolve) => waiting.set(uri, [...(waiting.get(uri) ?? []), resolve])),
    async close() {
      await connection.sendRequest("shutdown");
      connection.dispose();
      server.dispose();
    },
  };
}

/** A text with its marks, `‸`, taken out, and where they stood. */
export function marked(text: string): { readonly text: string; readonly marks: readonly Position[] } {
  const marks: Position[] = [];
  let plain = "";
  for (const piece of text.split(/(‸)/)) {
    if (piece !== "‸") {
      plain += piece;
      continue;
    }
    const lines = plain.split("\n");
    marks.push({ line: lines.length - 1, character: lines.at(-1)!.length });
  }
  return { text: plain, marks };
}

export const pathIn = (name: string): string => pathOf(`file://${FOLDER}/${name}`);
