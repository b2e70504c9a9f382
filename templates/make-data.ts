/**
 * Writes the templates' data: customers who stay or leave, messages about four things, a shop's notes and questions
 * about such goods. Seeded, so always the same.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { logistic, Random } from "../samples/random.ts";

export function customers(seed = 7): string {
  const random = new Random(seed);
  const lines = ["id,plan,months,calls,charge,region,left"];
  for (let row = 1; row <= 600; row++) {
    const plan = random.weighted({ monthly: 55, yearly: 30, family: 15 });
    const months = Math.max(1, Math.round(60 * random.next() ** 1.5));
    const calls = Math.min(9, Math.floor(-1.6 * Math.log(1 - random.next())));
    const charge = Math.round((plan === "yearly" ? 18 : 24) + 6 * random.normal() + 0.05 * months);
    const region = random.pick(["north", "south", "east", "west"]);
    const score =
      -0.6 + (plan === "monthly" ? 1.6 : -0.9) + 0.75 * calls - 0.07 * months + 0.06 * (charge - 24);
    const left = random.chance(logistic(1.6 * score)) ? "yes" : "no";
    const shown = random.chance(0.03) ? "" : String(Math.max(5, charge));
    lines.push([`c${String(row).padStart(4, "0")}`, plan, months, calls, shown, region, left].join(","));
  }
  return `${lines.join("\n")}\n`;
}

const OPENINGS = ["Hello,", "Hi there,", "Good morning,", "Dear team,", "Hey,", "To whom it may concern:"];
const ENDINGS = [
  "Thanks.",
  "Please help.",
  "Can you look into it?",
  "What can I do?",
  "Regards.",
  "Many thanks in advance.",
];
const ABOUT: Readonly<Record<string, readonly (readonly string[])[]>> = {
  billing: [
    ["my invoice", "the last bill", "my card statement", "the payment for May"],
    [
      "shows a charge twice",
      "has the wrong amount",
      "was taken too early",
      "still lists the old price",
      "includes a fee nobody told me of",
    ],
  ],
  delivery: [
    ["my parcel", "the package", "the order from last week", "the shipment"],
    [
      "has not arrived yet",
      "was left at the wrong address",
      "is stuck in transit",
      "came with a broken box",
      "shows no tracking for days",
    ],
  ],
  account: [
    ["my password", "the login page", "my profile", "the sign-in email"],
    [
      "does not work any more",
      "was locked after one try",
      "shows another person's name",
      "never sends the code",
      "asks me to register again",
    ],
  ],
  product: [
    ["the kettle", "my new lamp", "the headphones", "the blender"],
    [
      "stopped working after a day",
      "makes a strange noise",
      "does not switch on",
      "lacks a part",
      "gets far too hot",
    ],
  ],
};

export function messages(seed = 11): string {
  const random = new Random(seed);
  const lines = ["id,message,topic"];
  const topics = Object.keys(ABOUT);
  for (let row = 1; row <= 480; row++) {
    const topic = random.pick(topics);
    // Now and then somebody writes about one thing and means another.
    const said = random.chance(0.04) ? random.pick(topics) : topic;
    const [things = [], problems = []] = ABOUT[said] ?? [];
    const text = `${random.pick(OPENINGS)} ${random.pick(things)} ${random.pick(problems)}. ${random.pick(ENDINGS)}`;
    lines.push(`m${String(row).padStart(4, "0")},"${text}",${topic}`);
  }
  return `${lines.join("\n")}\n`;
}

const GOODS = ["kettle", "lamp", "blender", "toaster", "fan", "radio", "clock", "mixer"];
const COLOURS = ["red", "blue", "green", "black", "white", "silver"];
const SHELVES = ["by the door", "at the window", "in the cellar", "near the till", "behind the stairs"];
const MAKERS = ["Arden", "Bell", "Corin", "Dover", "Elgin", "Frey"];
const STATES = ["new", "used", "repaired"];

interface Good {
  readonly good: string;
  readonly shelf: string;
  readonly maker: string;
  readonly state: string;
}

const goodOf = (random: Random): Good => ({
  good: `${random.pick(COLOURS)} ${random.pick(GOODS)}`,
  shelf: random.pick(SHELVES),
  maker: random.pick(MAKERS),
  state: random.pick(STATES),
});

/** What is said of a thing first is needed again at the end: more than the last few words must be remembered. */
export function notes(seed = 13, goods = 400): string {
  const random = new Random(seed);
  const note = () => {
    const { good, shelf, maker, state } = goodOf(random);
    const asked = random.pick(["Somebody asked for it today.", "Nobody asked for it yet.", "It sells well."]);
    return [
      `The ${good} is ${state}.`,
      `${maker} makes it.`,
      `It stands ${shelf}.`,
      asked,
      `Who wants the ${good} finds it ${shelf}, made by ${maker}.`,
    ].join("\n");
  };
  return `${Array.from({ length: goods }, note).join("\n\n")}\n`;
}

const ASKED: readonly ((good: Good) => readonly [instruction: string, output: string])[] = [
  ({ good, shelf }) => [`The ${good} stands ${shelf}. Where is it?`, `It stands ${shelf}.`],
  ({ good, maker }) => [`${maker} makes the ${good}. Who makes it?`, `${maker} makes it.`],
  ({ good, state }) => [`The ${good} is ${state}. What about it?`, `It is ${state}.`],
];

export function questions(seed = 17, rows = 320): string {
  const random = new Random(seed);
  const lines = Array.from({ length: rows }, () => {
    const [instruction, output] = random.pick(ASKED)(goodOf(random));
    return `  ${JSON.stringify({ instruction, output })}`;
  });
  return `[\n${lines.join(",\n")}\n]\n`;
}

if (import.meta.main) {
  for (const [file, text] of [
    ["tabular/data/customers.csv", customers()],
    ["text/data/messages.csv", messages()],
    ["llm/data/notes.txt", notes()],
    ["llm/data/questions.json", questions()],
  ] as const) {
    const path = new URL(file, import.meta.url);
    mkdirSync(new URL(".", path), { recursive: true });
    writeFileSync(path, text);
  }
}
