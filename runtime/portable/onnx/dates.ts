/** Parts of moments (seconds since 1970 UTC) in double arithmetic, as `functions-time.ts` computes them. */
import type { GraphBuilder } from "./builder.ts";

const DAY = 86_400;

class Arithmetic {
  readonly #graph: GraphBuilder;
  constructor(graph: GraphBuilder) {
    this.#graph = graph;
  }
  add(x: string, by: number): string {
    return this.#graph.add("Add", [x, this.#graph.number(by)]);
  }
  sum(x: string, y: string): string {
    return this.#graph.add("Add", [x, y]);
  }
  minus(x: string, y: string): string {
    return this.#graph.add("Sub", [x, y]);
  }
  times(x: string, by: number): string {
    return this.#graph.add("Mul", [x, this.#graph.number(by)]);
  }
  /** ⌊x / by⌋ */
  parts(x: string, by: number): string {
    return this.#graph.add("Floor", [this.#graph.add("Div", [x, this.#graph.number(by)])]);
  }
  /** `yes` where x < bound, else `no` (also where x is NaN, which both then are). */
  below(x: string, bound: number, yes: string, no: string): string {
    return this.#graph.add("Where", [this.#graph.add("Less", [x, this.#graph.number(bound)]), yes, no]);
  }
}

function civil(graph: GraphBuilder, seconds: string): { year: string; month: string; day: string } {
  const math = new Arithmetic(graph);
  const z = math.add(math.parts(seconds, DAY), 719_468);
  const era = math.parts(z, 146_097);
  const ofEra = math.minus(z, math.times(era, 146_097));
  const leapless = math.minus(
    math.sum(math.minus(ofEra, math.parts(ofEra, 1460)), math.parts(ofEra, 36_524)),
    math.parts(ofEra, 146_096),
  );
  const yearOfEra = math.parts(leapless, 365);
  const before = math.minus(
    math.sum(math.times(yearOfEra, 365), math.parts(yearOfEra, 4)),
    math.parts(yearOfEra, 100),
  );
  const ofYear = math.minus(ofEra, before);
  const shifted = math.parts(math.add(math.times(ofYear, 5), 2), 153);
  const month = math.below(shifted, 10, math.add(shifted, 3), math.add(shifted, -9));
  const year = math.sum(yearOfEra, math.times(era, 400));
  return {
    year: math.below(month, 3, math.add(year, 1), year),
    month,
    day: math.add(math.minus(ofYear, math.parts(math.add(math.times(shifted, 153), 2), 5)), 1),
  };
}

type Part = (graph: GraphBuilder, seconds: string) => string;

export const dateParts: Readonly<Record<"year" | "month" | "day" | "weekday" | "hour", Part>> = {
  year: (graph, seconds) => civil(graph, seconds).year,
  month: (graph, seconds) => civil(graph, seconds).month,
  day: (graph, seconds) => civil(graph, seconds).day,
  weekday: (graph, seconds) => {
    const math = new Arithmetic(graph);
    const days = math.add(math.parts(seconds, DAY), 3);
    return math.add(math.minus(days, math.times(math.parts(days, 7), 7)), 1);
  },
  hour: (graph, seconds) => {
    const math = new Arithmetic(graph);
    return math.parts(math.minus(seconds, math.times(math.parts(seconds, DAY), DAY)), 3600);
  },
};
