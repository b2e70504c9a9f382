/** A rule's outcome as lines for people and as values for later steps. */
import type { Finding, RuleResult } from "./rule.ts";
import { numberText, pairText } from "./text.ts";

const COMPARISON = / (<=|>=|==|!=|<|>) /;

/** `scored.f1 0.7912 >= 0.8 failed by 0.0088 "message"`, and one line for each slice that did not pass. */
export function ruleLines(rule: RuleResult): string[] {
  const message = rule.message === null || rule.status === "passed" ? "" : ` ${JSON.stringify(rule.message)}`;
  const first = `${numbered(rule.text, rule)} ${outcome(rule)}${message}`;
  const slices = Object.entries(rule.slices ?? {}).filter(([, finding]) => finding.status !== "passed");
  return [
    first,
    ...slices.map(
      ([value, finding]) => `  ${value} (${finding.rows} rows): ${numbers(finding)}${outcome(finding)}`,
    ),
  ];
}

/** The rule's text with the measured values beside the sides: `scored.auc 0.7612 >= champion.auc - 0.01 (0.7700)`. */
function numbered(text: string, { value, bound }: Finding): string {
  const operator = COMPARISON.exec(text)?.[1];
  if (value === null || bound === null || operator === undefined) return text;
  const at = text.indexOf(` ${operator} `);
  const [left, right] = [text.slice(0, at), text.slice(at + operator.length + 2)];
  const [leftValue, rightValue] = pairText(value, bound);
  const [condition = ""] = right.split(/ (?:by|with|as) /, 1);
  const literal = condition.trim() !== "" && Number.isFinite(Number(condition));
  const shown = literal ? condition : `${condition} (${rightValue})`;
  return `${left} ${leftValue} ${operator} ${shown}${right.slice(condition.length)}`;
}

function numbers({ value, bound }: Finding): string {
  if (value === null) return "";
  return bound === null ? `${numberText(value)} ` : `${pairText(value, bound)[0]} `;
}

function outcome({ status, value, bound, difference, why }: Finding): string {
  const reason = why === null ? "" : `: ${why}`;
  const interval =
    difference === null ? "" : `, the difference lies in [${difference.map(numberText).join(", ")}]`;
  if (value === null || bound === null || status === "insufficient" || status === "skipped")
    return `${status}${reason}${interval}`;
  const distance = Math.abs(value - bound);
  return distance === 0
    ? `${status}, both are equal${interval}`
    : `${status} by ${distanceText(distance)}${interval}`;
}

const distanceText = (distance: number) =>
  distance >= 0.00005 ? numberText(distance) : distance.toPrecision(2);

/** What the gate's summary keeps of a rule. */
export function ruleSummary(rule: RuleResult) {
  const { text, status, value, bound, difference, message, why, optional, slices } = rule;
  const distance = value === null || bound === null ? null : value - bound;
  return {
    text,
    status,
    value,
    bound,
    distance,
    difference,
    message,
    why,
    optional,
    ...(slices === null ? {} : { slices }),
  };
}
