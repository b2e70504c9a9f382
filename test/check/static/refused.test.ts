/** What `mlops check` refuses the runtime refuses too: here nothing is checked beyond what is written, and it runs. */
import { afterAll, describe, expect, it, vi } from "vitest";
import { compileText } from "../spec.ts";
import { bench } from "./carry-out.ts";
import { FILES, QUERIES, REFUSED } from "./refused-specs.ts";

vi.mock("../../../language/check/rules/index.ts", () => ({ rules: [] }));

const place = bench();
afterAll(() => place.close());

describe("a run without the checks", () => {
  it.each([...REFUSED, ...QUERIES])(
    "refuses with $code what check refuses with $check",
    async ({ code, text, mistake }) => {
      const { program, diagnostics } = compileText(text);
      expect(diagnostics.map((found) => `${found.code} ${found.message}`)).toEqual([]);
      const wrong = mistake?.(program!) ?? program!;
      if (mistake !== undefined) expect(wrong).not.toEqual(program);
      const refused = await place.carryOut(wrong, FILES);
      expect(refused.map((found) => found.code)).toContain(code);
    },
  );
});
