/** `mlops lsp`: the language server, for any editor that speaks the protocol. */

import packageJson from "../../package.json" with { type: "json" };
import { type CommandModule, EXIT } from "../command.ts";

export const command: CommandModule = {
  define(command) {
    command
      .option("--stdio", "speak over standard input and output (the only way, and the default)")
      .addHelpText("after", "\nEditors start it: see docs/editors.md for VS Code, Neovim, Helix and Emacs.");
  },
  async run({ signal }) {
    const [{ createConnection, ProposedFeatures }, { serve }, { disk }, { stateKnowledge }] =
      await Promise.all([
        import("vscode-languageserver/node"),
        import("../../lsp/server.ts"),
        import("../lsp/disk.ts"),
        import("../lsp/knowledge.ts"),
      ]);
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
    return EXIT.done;
  },
};
