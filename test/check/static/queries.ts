/** Random queries over the dataset `loans`. */
import type { Choices } from "./choices.ts";
import type { Made } from "./datasets.ts";

const RIGHT = [
  "SELECT id, income, area FROM loans",
  "SELECT id, income, area FROM loans WHERE income > 10 ORDER BY income",
  "SELECT area, max(id) AS id, sum(income) AS income FROM loans GROUP BY area",
  "WITH few AS (SELECT * FROM loans LIMIT 50) SELECT id, area, income * 2 AS income FROM few;",
  "SELECT id, area, CASE WHEN income > 5 THEN income ELSE 5 END AS income FROM loans",
  "SELECT id, area, year(asked) AS income FROM loans",
  "SELECT id, area, income::DECIMAL(10, 2) AS income FROM loans -- as money",
];
const ODD = [
  "SELECT id, incom AS income, area FROM loans",
  "SELECT id, income FROM loans",
  "SELECT id, asked AS income, area FROM loans",
  "SELECT id, random() AS income, area FROM loans",
  "SELECT id, epoch(now()) AS income, area FROM loans",
  "SELECT id, income, area FROM lons",
  "SELECT id, income, area FROM loans WHERE",
  "SELECT id, income, area FROM loans; SELECT 1",
  "DELETE FROM loans",
  "SELECT id, id, income, area FROM loans",
  "SELECT id, income, income AS INCOME, area FROM loans",
  "SELECT id, [income] AS income, area FROM loans",
  "SELECT id, income, area FROM read_csv('loans.csv')",
  "SELECT id, area, income, FROM loans ORDER BY 9",
  "SELECT id, area, sum(income) AS income FROM loans",
  "SELECT id, area, lower(income) AS income FROM loans",
  "SELECT id, area, income, TRUE AS extra FROM loans WHERE id = 3 OR id = 'r3'",
  "SELECT id, area, NULL AS income FROM loans",
  "SELECT id, area, 'much' AS income FROM loans",
  "",
  "SELECT id, area, income FROM queried",
];

/** A dataset that nothing else refers to: it is read all the same. */
export function makeQuery(choose: Choices, loans: Made): string {
  if (!choose.chance(3)) return "";
  const from =
    loans.parts.length > 0 ? choose.odd(["loans", `loans.${loans.parts[0]}`], ["loans.nothing"]) : "loans";
  const query = choose.odd(RIGHT, ODD);
  return `dataset queried: sql {
  from = [${choose.odd([from], [`${from}, ${from}`])}]
  query = ${query.includes("\n") ? `"""${query}"""` : JSON.stringify(query)}
  schema {
    id: string
    income: float
    area: category
  }
}
`;
}
