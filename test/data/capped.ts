/** Run as a program: makes and aggregates ten million rows under MLOPS_MEMORY, and prints what it took. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDataset } from "../../runtime/data/dataset.ts";
import { loadTable } from "../../runtime/data/load.ts";
import { resolveSource } from "../../runtime/data/source.ts";
import type { StepResult } from "../../runtime/execute/step.ts";
import { openStore } from "../../runtime/store/store.ts";
import { column, contextOf, declarationOf } from "./steps.ts";

const folder = mkdtempSync(join(tmpdir(), "mlops-capped-"));
const store = openStore(join(folder, ".mlops"));
try {
  const declarations = [
    declarationOf("dataset.big", "sql", {
      from: [],
      query:
        "SELECT range AS id, (range * 7919) % 1000 AS place, range / 4 AS amount, 'name ' || (range % 100000) AS name FROM range(10000000)",
      schema: [
        column("id", "int"),
        column("place", "int"),
        column("amount", "float"),
        column("name", "string"),
      ],
    }),
    declarationOf("dataset.small", "sql", {
      from: [{ ref: "dataset.big" }],
      query:
        "SELECT place, count(*) AS n, sum(amount) AS total, count(DISTINCT name) AS names FROM big GROUP BY place ORDER BY total DESC",
      schema: [column("place", "int"), column("n", "int"), column("total", "float"), column("names", "int")],
    }),
  ];
  const inputs = new Map<string, StepResult>();
  const place = { folder, store, declarations, inputs, threads: 2 };
  for (const declaration of declarations) {
    inputs.set(declaration.id, await readDataset(contextOf(place, declaration)));
  }
  const table = await loadTable(
    store,
    resolveSource(contextOf(place, declarations[1]!), { ref: "dataset.small" }),
  );
  const first = Object.fromEntries(
    [...table.columns].map(([name, read]) => [name, read.type === "number" ? read.values[0] : null]),
  );
  const rows = inputs.get("dataset.big")!.summary["rows"];
  console.log(
    JSON.stringify({ rows, groups: table.rows, first, maxRss: process.resourceUsage().maxRSS * 1024 }),
  );
} finally {
  store.close();
  rmSync(folder, { recursive: true, force: true });
}
