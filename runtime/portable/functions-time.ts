/** Parts of moments, which are seconds since 1970 UTC, in the proleptic Gregorian calendar. */

const DAY = 86_400;

interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days since 1970 to a date. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days. */
function civil(seconds: number): Civil {
  const z = Math.floor(seconds / DAY) + 719_468;
  const era = Math.floor(z / 146_097);
  const ofEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

export const yearOf = (seconds: number): number => civil(seconds).year;
/** 1 to 12. */
export const monthOf = (seconds: number): number => civil(seconds).month;
/** 1 to 31. */
export const dayOf = (seconds: number): number => civil(seconds).day;
/** 0 to 23. */
export const hourOf = (seconds: number): number =>
  Math.floor((seconds - Math.floor(seconds / DAY) * DAY) / 3600);
/** 1 (Monday) to 7. */
export function weekdayOf(seconds: number): number {
  const days = Math.floor(seconds / DAY) + 3;
  return days - Math.floor(days / 7) * 7 + 1;
}
