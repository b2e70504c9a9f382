/**
 * Writes what samples/gpt learns from: a book of small stories in which names, things and places come back, questions
 * about such things with their answers, and pairs of a kind answer and a rude one.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { Random } from "../random.ts";

const CHILDREN = ["Mia", "Tom", "Ada", "Leo", "Nora", "Finn", "Ida", "Max", "Eva", "Sam", "Lily", "Hugo"];
const THINGS = ["kite", "boat", "ball", "drum", "book", "hat", "cup", "lamp", "wagon", "bell"];
const COLOURS = ["red", "blue", "green", "yellow", "black", "white", "brown", "silver"];
const PLACES = ["garden", "forest", "kitchen", "harbour", "meadow", "attic", "market", "barn"];
const ANIMALS = ["dog", "cat", "goose", "fox", "horse", "mouse", "owl", "goat"];
const WEATHER = ["It was a warm day.", "Rain was falling.", "The wind was strong.", "Snow lay on the roofs."];

interface World {
  readonly child: string;
  readonly friend: string;
  readonly thing: string;
  readonly colour: string;
  readonly place: string;
  readonly animal: string;
}

function worldOf(random: Random): World {
  const child = random.pick(CHILDREN);
  return {
    child,
    friend: random.pick(CHILDREN.filter((name) => name !== child)),
    thing: random.pick(THINGS),
    colour: random.pick(COLOURS),
    place: random.pick(PLACES),
    animal: random.pick(ANIMALS),
  };
}

/** What is said early is needed again later: a model must remember more than the last few words. */
function story(random: Random): string {
  const { child, friend, thing, colour, place, animal } = worldOf(random);
  const looked = random.chance(0.5)
    ? `${child} looked under the table and behind the door.`
    : `${child} asked everybody and looked everywhere.`;
  const found = random.chance(0.5)
    ? `"Is this your ${colour} ${thing}?" asked ${friend}.`
    : `Then ${friend} came with the ${colour} ${thing}.`;
  return [
    `${child} had a ${colour} ${thing}.`,
    random.pick(WEATHER),
    `${child} took the ${thing} to the ${place} and met a ${animal}.`,
    `In the evening the ${colour} ${thing} was gone.`,
    looked,
    `"Perhaps it is in the ${place}," said ${friend}.`,
    `And there the ${animal} sat with the ${colour} ${thing}.`,
    found,
    `${child} thanked ${friend} and the ${animal}.`,
  ].join("\n");
}

export function book(seed = 1, stories = 320): string {
  const random = new Random(seed);
  return `${Array.from({ length: stories }, () => story(random)).join("\n\n")}\n`;
}

const QUESTIONS: readonly ((world: World) => { readonly instruction: string; readonly output: string })[] = [
  ({ child, colour, thing }) => ({
    instruction: `${child} had a ${colour} ${thing}. What colour was it?`,
    output: `The ${thing} was ${colour}.`,
  }),
  ({ child, place, thing }) => ({
    instruction: `${child} took the ${thing} to the ${place}. Where is it?`,
    output: `The ${thing} is in the ${place}.`,
  }),
  ({ child, animal, place }) => ({
    instruction: `${child} met a ${animal} in the ${place}. Who was there?`,
    output: `The ${animal} was there.`,
  }),
  ({ friend, thing, colour }) => ({
    instruction: `${friend} came with the ${colour} ${thing}. Who came?`,
    output: `${friend} came.`,
  }),
];

export function questions(seed = 2, rows = 320): { instruction: string; output: string }[] {
  const random = new Random(seed);
  return Array.from({ length: rows }, () => random.pick(QUESTIONS)(worldOf(random)));
}

const RUDE = ["Look it up yourself.", "Who cares?", "I will not tell you.", "That is a stupid question."];

/** The chosen answer answers; the rejected one is rude, and says nothing. */
export function preferences(
  seed = 3,
  rows = 320,
): { instruction: string; chosen: string; rejected: string }[] {
  const random = new Random(seed);
  return Array.from({ length: rows }, () => {
    const { instruction, output } = random.pick(QUESTIONS)(worldOf(random));
    return { instruction, chosen: output, rejected: random.pick(RUDE) };
  });
}

export const jsonOf = (rows: readonly object[]): string =>
  `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]\n`;

if (import.meta.main) {
  mkdirSync(new URL("data/", import.meta.url), { recursive: true });
  writeFileSync(new URL("data/stories.txt", import.meta.url), book());
  writeFileSync(new URL("data/questions.json", import.meta.url), jsonOf(questions()));
  writeFileSync(new URL("data/preferences.json", import.meta.url), jsonOf(preferences()));
}
