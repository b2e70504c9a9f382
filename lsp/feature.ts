/** One feature of the protocol: what it can do, and how it answers. */
import type { Connection, ServerCapabilities } from "vscode-languageserver/node";
import type { Knowledge } from "./knowledge.ts";
import type { Workspace } from "./workspace.ts";

export interface Services {
  readonly workspace: Workspace;
  readonly knowledge: Knowledge;
  readonly connection: Connection;
}

/** Every file of `lsp/features/` exports one, and `lsp/features.ts` lists it. */
export interface Feature {
  readonly capabilities: Partial<ServerCapabilities>;
  /** Registers its handlers; called once, before the connection listens. */
  listen(services: Services): void;
}
