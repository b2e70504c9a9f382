/** Real files where they are: what is known of them must come out. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { profileFile } from "../../runtime/data/profile.ts";
import { column, Project } from "./support.ts";

const shared = fileURLToPath(new URL("../../../shared/data/", import.meta.url));
const signal = new AbortController().signal;

describe.skipIf(!existsSync(shared))("real data", () => {
  it("loan prediction: 614 rows, whose missing values are known", async () => {
    const profile = await profileFile(`${shared}loan-prediction.csv`, { signal });
    expect(profile.rows).toBe(614);
    expect(profile.columns.find(({ name }) => name === "Loan_ID")?.key).toBe(true);
    const missing = Object.fromEntries(profile.columns.map(({ name, missing }) => [name, missing]));
    expect(missing).toMatchObject({
      Gender: 13,
      Married: 3,
      LoanAmount: 22,
      Credit_History: 50,
      Loan_Status: 0,
    });
  });

  it("German credit: 1,000 rows without a header", async () => {
    const profile = await profileFile(`${shared}german-credit.csv`, { signal });
    expect(profile).toMatchObject({ rows: 1000, header: false, unreadable: 0 });
    expect(profile.columns.length).toBe(21);
  });

  it("chinook: invoices from SQLite, and their lines joined by SQL", async () => {
    const project = new Project();
    const path = `${shared}chinook.sqlite`;
    const invoices = await project.dataset("invoices", "sqlite", {
      path,
      table: "Invoice",
      schema: [column("InvoiceId", "int", { role: "key" }), column("Total", "float", { min: 0 })],
    });
    expect(invoices.summary["rows"]).toBe(412);
    await project.dataset("lines", "sqlite", {
      path,
      query: "SELECT InvoiceId, UnitPrice, Quantity FROM InvoiceLine",
    });
    const different = await project.dataset("totals", "sql", {
      from: [{ ref: "dataset.invoices" }, { ref: "dataset.lines" }],
      query: `SELECT InvoiceId, any_value(Total) AS total, sum(UnitPrice * Quantity) AS added
        FROM invoices JOIN lines USING (InvoiceId) GROUP BY InvoiceId`,
      expect: [
        {
          condition: {
            is: "binary",
            op: "<",
            left: {
              is: "call",
              name: "abs",
              args: [
                {
                  is: "binary",
                  op: "-",
                  left: { is: "column", name: "total" },
                  right: { is: "column", name: "added" },
                },
              ],
              named: {},
              path: [],
            },
            right: { is: "literal", value: 1e-9 },
          },
        },
      ],
    });
    expect(different.summary["rows"]).toBe(412);
    expect(different.verdict).toBe("passed");
  });
});
