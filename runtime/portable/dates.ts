/** Dates and timestamps as seconds since 1970 UTC; texts without a zone are UTC. */
import type { InputColumn } from "./form.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FULL_MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** The column's strptime format; `ISO 8601` when the schema gives none. */
export function formatOf(column: InputColumn): string {
  return column.format ?? "ISO 8601";
}

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Millionths of a second. */
  micro: number;
  /** Minutes east of UTC. */
  zone: number;
  afternoon: boolean | null;
}

/**
 * Seconds since 1970 UTC, or null when the text is not such a date.
 * `format` is `ISO 8601` or a strptime format of %Y %y %m %d %H %I %p %M %S %f %j %b %B %z %Z(UTC) %% (POSIX).
 */
export function parseSeconds(text: string, format: string): number | null {
  const parts = format === "ISO 8601" ? parseIso(text.trim()) : parseFormat(text.trim(), format);
  return parts === null ? null : secondsOf(parts);
}

function parseIso(text: string): Parts | null {
  const found = ISO.exec(text);
  if (found === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = ".0", zone = "Z"] = found;
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    micro: microOf(fraction),
    zone: zoneMinutes(zone),
    afternoon: null,
  };
}

/** `.25` in millionths, further digits cut off, as DuckDB's timestamps hold them. */
function microOf(fraction: string): number {
  return Number(fraction.slice(1, 7).padEnd(6, "0"));
}

function zoneMinutes(zone: string): number {
  if (zone === "Z" || zone === "UTC" || zone === "GMT") return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith("-") ? -minutes : minutes;
}

/** What each strptime directive matches, and what it sets. */
const DIRECTIVES: Readonly<Record<string, readonly [RegExp, (parts: Parts, text: string) => void]>> = {
  Y: [/\d{4}/y, (parts, text) => (parts.year = Number(text))],
  y: [/\d{2}/y, (parts, text) => (parts.year = Number(text) + (Number(text) < 69 ? 2000 : 1900))],
  m: [/\d{1,2}/y, (parts, text) => (parts.month = Number(text))],
  d: [/\d{1,2}/y, (parts, text) => (parts.day = Number(text))],
  j: [/\d{1,3}/y, (parts, text) => Object.assign(parts, { month: 1, day: Number(text) })],
  H: [/\d{1,2}/y, (parts, text) => (parts.hour = Number(text))],
  I: [/\d{1,2}/y, (parts, text) => (parts.hour = Number(text))],
  p: [/[ap]m/iy, (parts, text) => (parts.afternoon = text.toLowerCase() === "pm")],
  M: [/\d{1,2}/y, (parts, text) => (parts.minute = Number(text))],
  S: [/\d{1,2}/y, (parts, text) => (parts.second = Number(text))],
  f: [/\d{1,9}/y, (parts, text) => (parts.micro = microOf(`.${text}`))],
  b: [/[a-z]{3}/iy, (parts, text) => (parts.month = MONTHS.indexOf(text.toLowerCase()) + 1)],
  B: [/[a-z]{3,9}/iy, (parts, text) => (parts.month = MONTHS.indexOf(text.slice(0, 3).toLowerCase()) + 1)],
  z: [/Z|[+-]\d{2}(?::?\d{2})?/y, (parts, text) => (parts.zone = zoneMinutes(text))],
  Z: [/UTC|GMT|Z/y, () => {}],
};

function parseFormat(text: string, format: string): Parts | null {
  const parts: Parts = {
    year: 1900,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    micro: 0,
    zone: 0,
    afternoon: null,
  };
  let at = 0;
  for (let i = 0; i < format.length; i++) {
    const directive = format[i] === "%" ? DIRECTIVES[format[i + 1] ?? ""] : undefined;
    if (directive === undefined) {
      if (format[i] === "%") i++;
      if (text[at++] !== format[i]) return null;
      continue;
    }
    i++;
    const [pattern, set] = directive;
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return null;
    set(parts, found[0]);
    at += found[0].length;
  }
  return at === text.length ? parts : null;
}

function secondsOf(parts: Parts): number | null {
  let { hour } = parts;
  if (parts.afternoon !== null) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (parts.afternoon ? 12 : 0);
  }
  if (
    parts.month < 1 ||
    parts.month > 12 ||
    parts.day < 1 ||
    hour > 23 ||
    parts.minute > 59 ||
    parts.second >= 60
  ) {
    return null;
  }
  const days = Date.UTC(parts.year, parts.month - 1, parts.day) / 86_400_000;
  // 31 April is no date; only %j counts days past the first month.
  const dayOfYear = parts.month === 1 && parts.day > 31;
  if (!dayOfYear && new Date(days * 86_400_000).getUTCMonth() !== parts.month - 1) return null;
  if (dayOfYear && new Date(days * 86_400_000).getUTCFullYear() !== parts.year) return null;
  const whole = days * 86_400 + hour * 3600 + (parts.minute - parts.zone) * 60 + parts.second;
  // One rounding only: the same double as microseconds divided by a million.
  return parts.micro === 0 ? whole : (whole * 1e6 + parts.micro) / 1e6;
}

/** Writes seconds since 1970 UTC so that `parseSeconds` reads them back, in the column's format. */
export function writeSeconds(seconds: number, column: InputColumn): string {
  const micros = Math.round(seconds * 1e6);
  const whole = Math.floor(micros / 1e6);
  const fraction = String(micros - whole * 1e6).padStart(6, "0");
  const time = new Date(whole * 1000);
  const iso = time.toISOString();
  if (column.format === null) {
    if (column.type === "date") return iso.slice(0, 10);
    return fraction === "000000" ? iso.replace(".000Z", "Z") : iso.replace(".000Z", `.${fraction}Z`);
  }
  const two = (value: number) => String(value).padStart(2, "0");
  const month = MONTHS[time.getUTCMonth()] ?? "";
  const start = Date.UTC(time.getUTCFullYear(), 0, 1);
  const parts: Readonly<Record<string, string>> = {
    Y: iso.slice(0, 4),
    y: iso.slice(2, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    j: String(Math.floor((time.getTime() - start) / 86_400_000) + 1).padStart(3, "0"),
    H: iso.slice(11, 13),
    I: two(time.getUTCHours() % 12 || 12),
    p: time.getUTCHours() < 12 ? "AM" : "PM",
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    f: fraction,
    b: month.charAt(0).toUpperCase() + month.slice(1),
    B: FULL_MONTHS[time.getUTCMonth()] ?? "",
    z: "+0000",
    Z: "UTC",
    "%": "%",
  };
  return column.format.replace(/%(.)/g, (whole, letter: string) => parts[letter] ?? whole);
}
