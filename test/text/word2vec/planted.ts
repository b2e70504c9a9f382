/** A text in which who stands beside whom is known: every sentence is of one topic, with words that all topics share. */
import { random } from "../../../runtime/learn/random.ts";

export const topicOf = (word: string): string | null => /^(t\d+)_/.exec(word)?.[1] ?? null;

export function plantedText(words: number, topics: number, wordsOfTopic = 20, seed = 1): string {
  const source = random(seed);
  const sentences: string[] = [];
  for (let written = 0; written < words; ) {
    const topic = source.int(topics);
    const length = 10 + source.int(10);
    const sentence = Array.from({ length }, () =>
      source.next() < 0.3 ? `common${source.int(30)}` : `t${topic}_${source.int(wordsOfTopic)}`,
    );
    sentences.push(sentence.join(" "));
    written += length;
  }
  return sentences.join("\n\n");
}
