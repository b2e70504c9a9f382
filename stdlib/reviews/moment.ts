/** Dates and times as specs write them. */

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** Whether a text is a day or moment of ISO 8601, as the runtime reads it. */
export function isMoment(text: string): boolean {
  const found = ISO.exec(text.trim());
  if (found === null) return false;
  const [year, month, day, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  const date = new Date(Date.UTC(year!, month! - 1, day));
  return month! <= 12 && date.getUTCMonth() === month! - 1 && hour <= 23 && minute <= 59 && second <= 59;
}
