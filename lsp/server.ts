/** The language server: documents in, features out. Over `language/` and `stdlib/` only. */
import {
  type Connection,
  type InitializeParams,
  type ServerCapabilities,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { vocabulary } from "../stdlib/vocabulary.ts";
import type { Services } from "./feature.ts";
import { features } from "./features.ts";
import type { Disk } from "./files.ts";
import type { Knowledge } from "./knowledge.ts";
import { pathOf } from "./locations.ts";
import { Publisher } from "./publisher.ts";
import { Workspace } from "./workspace.ts";

export interface ServerOptions {
  readonly disk: Disk;
  readonly knowledge: Knowledge;
  /** Of this program. */
  readonly version: string;
}

/** Registers everything on a connection, which the caller then listens to. */
export function serve(connection: Connection, { disk, knowledge, version }: ServerOptions): void {
  const workspace = new Workspace(vocabulary, disk);
  const services: Services = { workspace, knowledge, connection };
  const publisher = new Publisher(services);
  const documents = new TextDocuments(TextDocument);

  connection.onInitialize((params) => {
    workspace.folders = foldersOf(params);
    workspace.client = {
      snippets: params.capabilities.textDocument?.completion?.completionItem?.snippetSupport === true,
      refreshesLenses: params.capabilities.workspace?.codeLens?.refreshSupport === true,
      refreshesHints: params.capabilities.workspace?.inlayHint?.refreshSupport === true,
    };
    publisher.pulls = params.capabilities.textDocument?.diagnostic !== undefined;
    return { capabilities: capabilities(), serverInfo: { name: "mlops", version } };
  });
  let unwatch = () => {};
  connection.onInitialized(() => {
    publisher.start();
    // A run has ended: its numbers are shown without a key being pressed.
    unwatch = knowledge.watch(workspace.folders, () => {
      if (workspace.client.refreshesHints) void connection.languages.inlayHint.refresh();
      if (workspace.client.refreshesLenses) void connection.sendRequest("workspace/codeLens/refresh");
    });
  });
  connection.onShutdown(() => {
    publisher.stop();
    unwatch();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) workspace.changedOnDisk(pathOf(uri));
    publisher.changed(changes.map(({ uri }) => pathOf(uri)));
  });
  documents.onDidChangeContent(({ document }) => {
    const path = pathOf(document.uri);
    const { uri, version } = document;
    workspace.changed({ uri, path, version }, document.getText());
    publisher.changed([path]);
  });
  documents.onDidClose(({ document }) => {
    const path = pathOf(document.uri);
    workspace.closed(document.uri, path);
    publisher.closed(document.uri, path);
  });
  for (const feature of features) feature.listen(services);
  documents.listen(connection);
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (workspaceFolders != null) return workspaceFolders.map(({ uri }) => pathOf(uri));
  return rootUri == null ? [] : [pathOf(rootUri)];
}

/** What all features can do together. */
function capabilities(): ServerCapabilities {
  const all: ServerCapabilities = {
    positionEncoding: "utf-16",
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
    workspace: { workspaceFolders: { supported: true } },
  };
  for (const feature of features) Object.assign(all, feature.capabilities);
  return all;
}
