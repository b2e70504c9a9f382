/** Writes data/loan-prediction.csv: 614 loan applications like those of the public loan-prediction task. */
import { mkdirSync, writeFileSync } from "node:fs";
import { logistic, Random } from "../random.ts";

export const ROWS = 614;

export function loanApplications(seed = 614): string {
  const random = new Random(seed);
  const maybe = (value: string | number, missing: number) => (random.chance(missing) ? "" : String(value));
  const lines = [
    "Loan_ID,Gender,Married,Dependents,Education,Self_Employed,ApplicantIncome,CoapplicantIncome,LoanAmount,Loan_Amount_Term,Credit_History,Property_Area,Loan_Status",
  ];
  let id = 1001;
  for (let row = 0; row < ROWS; row++) {
    id += random.int(1, 5);
    const married = random.chance(0.65);
    const graduate = random.chance(0.78);
    const area = random.weighted({ Urban: 202, Rural: 179, Semiurban: 233 });
    const income = Math.round(Math.exp(8.34 + 0.55 * random.normal() + (graduate ? 0.12 : -0.2)));
    const coapplicant = random.chance(0.44) ? 0 : Math.round(Math.exp(7.6 + 0.5 * random.normal()));
    const amount = Math.max(9, Math.round(0.011 * (income + coapplicant) + 70 + 28 * random.normal()));
    const goodHistory = random.chance(0.84);
    const score =
      (goodHistory ? 1.35 : -2.6) +
      (area === "Semiurban" ? 0.55 : area === "Rural" ? -0.25 : 0) +
      (married ? 0.3 : 0) +
      (graduate ? 0.25 : -0.1) -
      12 * Math.max(0, amount / (income + coapplicant) - 0.026);
    lines.push(
      [
        `LP${String(id).padStart(6, "0")}`,
        maybe(random.chance(0.81) ? "Male" : "Female", 0.02),
        maybe(married ? "Yes" : "No", 0.005),
        maybe(random.weighted({ "0": 345, "1": 102, "2": 101, "3+": 51 }), 0.024),
        graduate ? "Graduate" : "Not Graduate",
        maybe(random.chance(0.14) ? "Yes" : "No", 0.052),
        income,
        coapplicant,
        maybe(amount, 0.036),
        maybe(
          random.weighted({ "360": 512, "180": 44, "480": 15, "300": 13, "240": 4, "84": 4, "120": 3 }),
          0.023,
        ),
        maybe(goodHistory ? 1 : 0, 0.081),
        area,
        random.chance(logistic(score)) ? "Y" : "N",
      ].join(","),
    );
  }
  return `${lines.join("\n")}\n`;
}

if (import.meta.main) {
  mkdirSync(new URL("data/", import.meta.url), { recursive: true });
  writeFileSync(new URL("data/loan-prediction.csv", import.meta.url), loanApplications());
}
