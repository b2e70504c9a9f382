/** What a tokenizer puts around a text: the post-processors of `tokenizer.json`, for one text. */
import { type Fields, isFields } from "./models/vocabulary.ts";
import { invalid, unsupported } from "./problem.ts";

export interface Around {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const NOTHING: Around = { before: [], after: [] };

/** @throws TokenizerProblem for a post-processor that is not supported */
export function aroundOf(value: unknown): Around {
  if (value === null || value === undefined) return NOTHING;
  if (!isFields(value)) throw invalid("the post-processor", "it is no object");
  const type = String(value["type"]);
  const make = KINDS[type];
  if (make === undefined)
    throw unsupported(`the post-processor ${type}`, `there are ${Object.keys(KINDS).join(", ")}`);
  return make(value);
}

const KINDS: Readonly<Record<string, (fields: Fields) => Around>> = {
  // It moves offsets, which ids do not have.
  ByteLevel: () => NOTHING,
  BertProcessing: pair,
  RobertaProcessing: pair,
  TemplateProcessing: template,
  Sequence(fields) {
    const list = fields["processors"];
    if (!Array.isArray(list)) throw invalid("the post-processor Sequence", "it has no `processors`");
    return list
      .map(aroundOf)
      .reduce(
        (so, next) => ({ before: [...next.before, ...so.before], after: [...so.after, ...next.after] }),
        NOTHING,
      );
  },
};

function pair(fields: Fields): Around {
  const idOf = (name: string): number => {
    const value = fields[name];
    const id: unknown = Array.isArray(value) ? value[1] : undefined;
    if (typeof id !== "number") throw invalid("the post-processor", `\`${name}\` is no token with its id`);
    return id;
  };
  return { before: [idOf("cls")], after: [idOf("sep")] };
}

function template(fields: Fields): Around {
  const where = "the post-processor TemplateProcessing";
  const { single, special_tokens: specials } = fields;
  if (!Array.isArray(single) || !isFields(specials))
    throw invalid(where, "it needs `single` and `special_tokens`");
  const before: number[] = [];
  const after: number[] = [];
  let passed = false;
  for (const part of single as unknown[]) {
    const token = isFields(part) ? part["SpecialToken"] : undefined;
    if (!isFields(token)) {
      if (passed) throw unsupported(`a template with the text twice`, "a text stands in it once");
      passed = true;
      continue;
    }
    const special = specials[String(token["id"])];
    const ids: unknown = isFields(special) ? special["ids"] : undefined;
    if (!Array.isArray(ids)) throw invalid(where, `it does not say the ids of ${String(token["id"])}`);
    (passed ? after : before).push(...(ids as number[]));
  }
  return { before, after };
}
