/** `mlops lsp`: the language server, for any editor that speaks the protocol. */

// No dynamic import: a bundle gives the names of a CommonJS module to static ones only.
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { serve } from "../../lsp/server.ts";
import packageJson from "../../package.json" with { type: "json" };
import { type CommandModule, EXIT } from "../command.ts";
import { disk } from "../lsp/disk.ts";
import { stateKnowledge } from "../lsp/knowledge.ts";

export const command: CommandModule = {
  define(command) {
    command
      .option("--stdio", "speak over standard input and output (the only way, and the default)")
      .addHelpText("after", "\nEditors start it: see docs/editors.md for VS Code, Neovim, Helix and Emacs.");
  },
  async run({ signal }) {
    const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
    serve(connection, { disk, knowledge: stateKnowledge(), version: packageJson.version });
    connection.listen();
    // The editor says when it is over, or is gone.
    await new Promise<void>((resolve) => {
      connection.onExit(resolve);
      process.stdin.once("end", resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    connection.dispose();
    // An editor that only sends a signal keeps its end open, and an open input keeps the process.
    process.stdin.destroy();
    return EXIT.done;
  },
};
