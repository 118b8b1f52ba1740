/** The reading of a clock. `weekday` counts from Sunday as 0; `zone` is absent where the clock has none. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly weekday: number;
  readonly zone: { readonly name: string; readonly offsetMinutes: number } | undefined;
}

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const months = [
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
] as const;

/** The clock of this machine at a moment, in its own zone. */
export const localClock = (at: Date): WallClock => ({
  year: at.getFullYear(),
  month: at.getMonth() + 1,
  day: at.getDate(),
  hour: at.getHours(),
  minute: at.getMinutes(),
  second: at.getSeconds(),
  microsecond: at.getMilliseconds() * 1000,
  weekday: at.getDay(),
  zone: { name: zoneName(at), offsetMinutes: -at.getTimezoneOffset() },
});

/** The clock of UTC at a moment. */
export const utcClock = (at: Date): WallClock => ({
  year: at.getUTCFullYear(),
  month: at.getUTCMonth() + 1,
  day: at.getUTCDate(),
  hour: at.getUTCHours(),
  minute: at.getUTCMinutes(),
  second: at.getUTCSeconds(),
  microsecond: at.getUTCMilliseconds() * 1000,
  weekday: at.getUTCDay(),
  zone: { name: "UTC", offsetMinutes: 0 },
});

const zoneName = (at: Date): string => {
  const parts = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
};

/** Formats a clock's reading as C's strftime(3) does in the C locale; an unknown directive stays as it is. */
export const strftime = (format: string, clock: WallClock): string =>
  format.replace(/%(-?)([a-zA-Z%])/g, (whole: string, dash: string, letter: string) => {
    const value = directive(letter, clock);
    if (value === undefined) return whole;
    return dash === "-" ? value.replace(/^[0 ]+(?=.)/, "") : value;
  });

const two = (value: number): string => String(value).padStart(2, "0");

const directive = (letter: string, clock: WallClock): string | undefined => {
  const { year, month, day, hour, minute, second, weekday, zone } = clock;
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  switch (letter) {
    case "Y":
      return String(year);
    case "y":
      return two(year % 100);
    case "C":
      return two(Math.floor(year / 100));
    case "m":
      return two(month);
    case "d":
      return two(day);
    case "e":
      return String(day).padStart(2, " ");
    case "H":
      return two(hour);
    case "k":
      return String(hour).padStart(2, " ");
    case "I":
      return two(hour12);
    case "l":
      return String(hour12).padStart(2, " ");
    case "M":
      return two(minute);
    case "S":
      return two(second);
    case "f":
      return String(clock.microsecond).padStart(6, "0");
    case "p":
      return hour < 12 ? "AM" : "PM";
    case "P":
      return hour < 12 ? "am" : "pm";
    case "a":
      return (weekdays[weekday] ?? "").slice(0, 3);
    case "A":
      return weekdays[weekday] ?? "";
    case "b":
    case "h":
      return (months[month - 1] ?? "").slice(0, 3);
    case "B":
      return months[month - 1] ?? "";
    case "j":
      return String(dayOfYear(clock)).padStart(3, "0");
    case "u":
      return String(weekday === 0 ? 7 : weekday);
    case "w":
      return String(weekday);
    case "U":
      return two(Math.floor((dayOfYear(clock) + 6 - weekday) / 7));
    case "W":
      return two(Math.floor((dayOfYear(clock) + 6 - ((weekday + 6) % 7)) / 7));
    case "V":
      return two(isoWeek(clock).week);
    case "G":
      return String(isoWeek(clock).year);
    case "s":
      return String(epochSeconds(clock));
    case "z":
      return zone === undefined ? "" : zoneOffset(zone.offsetMinutes);
    case "Z":
      return zone?.name ?? "";
    case "n":
      return "\n";
    case "t":
      return "\t";
    case "%":
      return "%";
    case "D":
      return strftime("%m/%d/%y", clock);
    case "x":
      return strftime("%m/%d/%y", clock);
    case "F":
      return strftime("%Y-%m-%d", clock);
    case "T":
    case "X":
      return strftime("%H:%M:%S", clock);
    case "R":
      return strftime("%H:%M", clock);
    case "r":
      return strftime("%I:%M:%S %p", clock);
    case "c":
      return strftime("%a %b %e %H:%M:%S %Y", clock);
    default:
      return undefined;
  }
};

const dayOfYear = ({ year, month, day }: WallClock): number =>
  Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1;

/** ISO 8601: the week of the year's first Thursday is week 1. */
const isoWeek = ({ year, month, day, weekday }: WallClock): { year: number; week: number } => {
  const thursday = new Date(Date.UTC(year, month - 1, day + 4 - (weekday === 0 ? 7 : weekday)));
  const firstDay = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return {
    year: thursday.getUTCFullYear(),
    week: Math.floor((thursday.getTime() - firstDay) / (7 * 86_400_000)) + 1,
  };
};

/** A clock without a zone is read as this machine's own, as Python does. */
const epochSeconds = (clock: WallClock): number => {
  const { year, month, day, hour, minute, second, zone } = clock;
  if (zone === undefined) return Math.floor(new Date(year, month - 1, day, hour, minute, second).getTime() / 1000);
  return Math.floor(Date.UTC(year, month - 1, day, hour, minute, second) / 1000) - zone.offsetMinutes * 60;
};

const zoneOffset = (minutes: number): string => {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${two(size % 60)}`;
};
