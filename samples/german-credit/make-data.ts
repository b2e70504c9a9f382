/** Writes data/german-credit.csv: 1,000 credit applications in the layout and codes of the Statlog German credit data. */
import { mkdirSync, writeFileSync } from "node:fs";
import { logistic, Random } from "../random.ts";

export const ROWS = 1000;

export function creditApplications(seed = 1994): string {
  const random = new Random(seed);
  const lines: string[] = [];
  for (let row = 0; row < ROWS; row++) {
    const checking = random.weighted({ A11: 274, A12: 269, A13: 63, A14: 394 });
    const history = random.weighted({ A30: 40, A31: 49, A32: 530, A33: 88, A34: 293 });
    const purpose = random.weighted({
      A40: 234,
      A41: 103,
      A42: 181,
      A43: 280,
      A44: 12,
      A45: 22,
      A46: 50,
      A48: 9,
      A49: 97,
      A410: 12,
    });
    const months = Math.max(
      4,
      Math.min(72, 6 * Math.round(Math.exp(1.05 + 0.55 * random.normal())) + random.pick([0, 0, 0, 3])),
    );
    const amount = Math.max(250, Math.round(Math.exp(7.0 + 0.034 * months + 0.5 * random.normal())));
    const savings = random.weighted({ A61: 603, A62: 103, A63: 63, A64: 48, A65: 183 });
    const employed = random.weighted({ A71: 62, A72: 172, A73: 339, A74: 174, A75: 253 });
    const rate = Number(random.weighted({ "1": 136, "2": 231, "3": 157, "4": 476 }));
    const status = random.weighted({ A91: 50, A92: 310, A93: 548, A94: 92 });
    const guarantor = random.weighted({ A101: 907, A102: 41, A103: 52 });
    const property = random.weighted({ A121: 282, A122: 232, A123: 332, A124: 154 });
    const age = Math.min(75, 19 + Math.round(Math.exp(2.45 + 0.65 * random.normal())));
    const otherPlans = random.weighted({ A141: 139, A142: 47, A143: 814 });
    const risk =
      -1.0 +
      { A11: 0.85, A12: 0.45, A13: -0.4, A14: -1.0 }[checking as "A11"] +
      { A30: 0.9, A31: 1.0, A32: 0.1, A33: -0.1, A34: -0.7 }[history as "A30"] +
      { A61: 0.35, A62: 0.15, A63: -0.3, A64: -0.7, A65: -0.5 }[savings as "A61"] +
      0.035 * (months - 20) +
      0.00006 * (amount - 3000) +
      0.18 * (rate - 3) -
      0.014 * (age - 35) +
      (otherPlans === "A143" ? -0.2 : 0.4) +
      (purpose === "A41" || purpose === "A43" ? -0.4 : 0.2) +
      (guarantor === "A103" ? -0.6 : 0);
    lines.push(
      [
        checking,
        months,
        history,
        purpose,
        amount,
        savings,
        employed,
        rate,
        status,
        guarantor,
        random.int(1, 4),
        property,
        age,
        otherPlans,
        random.weighted({ A151: 179, A152: 713, A153: 108 }),
        Number(random.weighted({ "1": 633, "2": 333, "3": 28, "4": 6 })),
        random.weighted({ A171: 22, A172: 200, A173: 630, A174: 148 }),
        random.chance(0.155) ? 2 : 1,
        random.chance(0.404) ? "A192" : "A191",
        random.chance(0.963) ? "A201" : "A202",
        random.chance(logistic(risk)) ? 2 : 1,
      ].join(","),
    );
  }
  return `${lines.join("\n")}\n`;
}

if (import.meta.main) {
  mkdirSync(new URL("data/", import.meta.url), { recursive: true });
  writeFileSync(new URL("data/german-credit.csv", import.meta.url), creditApplications());
}
