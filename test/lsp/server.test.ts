/** The server as an editor sees it: over streams, with nothing but the protocol. */
import { afterEach, describe, expect, it } from "vitest";
import type { Client } from "./client.ts";
import { connect, pathIn } from "./client.ts";

const LOANS = `dataset loans: csv {
  path = "loans.csv"
  schema { income: float }
}
`;

describe("a language server", () => {
  let client: Client;
  afterEach(() => client.close());

  it("publishes what is wrong with an open file, and that it is no more", async () => {
    client = await connect();
    const uri = client.open("a.mlops", LOANS.replace("csv {", "csw {"));
    const first = await client.published(uri);
    expect(first.diagnostics.map(({ code, range }) => [code, range.start])).toContainEqual([
      "ML2002",
      { line: 0, character: 15 },
    ]);
    client.change(uri, LOANS);
    const second = await client.published(uri);
    expect(second.diagnostics.filter(({ severity }) => severity === 1)).toEqual([]);
  });

  it("sees an open file before the one on disk, from every file that imports it", async () => {
    client = await connect({ files: { [pathIn("loans.mlops")]: LOANS } });
    const spec =
      'import "./loans.mlops" { loans }\n\nfeatures seen {\n  from = loans\n  drop = [amount]\n}\n';
    const uri = client.open("b.mlops", spec);
    const before = await client.published(uri);
    expect(before.diagnostics.map(({ code }) => code)).toContain("ML2020");
    const heard = client.published(uri);
    client.open("loans.mlops", LOANS.replace("income: float", "income: float\n    amount: float"));
    const after = await heard;
    expect(after.diagnostics.map(({ code }) => code)).not.toContain("ML2020");
  });

  it("gives the outline of a half-typed file", async () => {
    client = await connect();
    const uri = client.open("c.mlops", `${LOANS}\nmodel scorer: logistic_`);
    const symbols = await client.connection.sendRequest("textDocument/documentSymbol", {
      textDocument: { uri },
    });
    expect(symbols).toMatchObject([
      { name: "loans", detail: "dataset: csv" },
      { name: "scorer", detail: "model: logistic_" },
    ]);
  });
});
