/** A failing text made small while it still fails the same way. */

/** Takes ever smaller pieces out as long as `fails` says yes, within some seconds. */
export function shrink(text: string, fails: (text: string) => boolean, seconds = 10): string {
  const end = performance.now() + seconds * 1_000;
  let smallest = text;
  for (let size = Math.ceil(text.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length && performance.now() < end; ) {
      const shorter = smallest.slice(0, at) + smallest.slice(at + size);
      if (fails(shorter)) smallest = shorter;
      else at += size;
    }
  }
  return smallest;
}
