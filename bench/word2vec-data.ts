/** A text whose neighbours are known, the same for everybody: sentences of one topic each, words by Zipf's law. */
import { random } from "../runtime/learn/random.ts";

export const TOPICS = 100;
const WORDS_OF_TOPIC = 100;
const COMMON = 200;

/** Draws places 0 … count by 1 / (place + 2). */
function zipf(count: number, next: () => number): () => number {
  const sums = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    total += 1 / (i + 2);
    sums[i] = total;
  }
  return () => {
    const wanted = next() * total;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** Sentences of 10 to 29 words, about `words` in all; half of them are of the sentence's topic: `t12_34`. */
export function topicalSentences(words: number): string[] {
  const source = random(1);
  const own = zipf(WORDS_OF_TOPIC, () => source.next());
  const common = zipf(COMMON, () => source.next());
  const sentences: string[] = [];
  for (let written = 0; written < words; ) {
    const topic = source.int(TOPICS);
    const length = 10 + source.int(20);
    const sentence = Array.from({ length }, () =>
      source.next() < 0.5 ? `c${common()}` : `t${topic}_${own()}`,
    );
    sentences.push(sentence.join(" "));
    written += length;
  }
  return sentences;
}
