import { strftime, type WallClock } from "./strftime.ts";

/** A point on a clock without a zone (Python's naive `datetime`): what `now()` and `to_datetime` give. */
export class PythonDate {
  readonly kind = "datetime";
  /** The clock's reading as if it were UTC, in milliseconds. */
  readonly wallMs: number;
  /** Whole microseconds within the second. */
  readonly microsecond: number;

  constructor(wallMs: number, microsecond = 0) {
    this.wallMs = Math.floor(wallMs / 1000) * 1000;
    this.microsecond = microsecond;
  }

  clock(): WallClock {
    const at = new Date(this.wallMs);
    return {
      year: at.getUTCFullYear(),
      month: at.getUTCMonth() + 1,
      day: at.getUTCDate(),
      hour: at.getUTCHours(),
      minute: at.getUTCMinutes(),
      second: at.getUTCSeconds(),
      microsecond: this.microsecond,
      weekday: at.getUTCDay(),
      zone: undefined,
    };
  }

  /** The reading of the clock in exact milliseconds, for differences. */
  exactMs(): number {
    return this.wallMs + this.microsecond / 1000;
  }

  toString(): string {
    return strftime(this.microsecond === 0 ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M:%S.%f", this.clock());
  }

  isoformat(): string {
    return this.toString().replace(" ", "T");
  }

  repr(): string {
    const { year, month, day, hour, minute, second, microsecond } = this.clock();
    const parts = [year, month, day, hour, minute];
    if (second !== 0 || microsecond !== 0) parts.push(second);
    if (microsecond !== 0) parts.push(microsecond);
    return `datetime.datetime(${parts.join(", ")})`;
  }
}

/** The difference of two dates (Python's `timedelta`). */
export class PythonDuration {
  readonly kind = "timedelta";
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  days(): number {
    return Math.floor(this.ms / 86_400_000);
  }

  /** Seconds within the day, from 0 to 86,399. */
  seconds(): number {
    return Math.floor((this.ms - this.days() * 86_400_000) / 1000);
  }

  microseconds(): number {
    return Math.round((((this.ms % 1000) + 1000) % 1000) * 1000);
  }

  toString(): string {
    const days = this.days();
    const seconds = this.seconds();
    const two = (value: number): string => String(value).padStart(2, "0");
    const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    const fraction = this.microseconds() === 0 ? "" : `.${String(this.microseconds()).padStart(6, "0")}`;
    return `${days === 0 ? "" : `${days} day${Math.abs(days) === 1 ? "" : "s"}, `}${clock}${fraction}`;
  }

  repr(): string {
    return `datetime.timedelta(days=${this.days()}, seconds=${this.seconds()})`;
  }
}
