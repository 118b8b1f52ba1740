import { Fault } from "../evaluate/fault.ts";
import { type Live, numberOf, typeName } from "../evaluate/live.ts";
import { localClock, strftime, utcClock } from "../python/strftime.ts";
import { parseDate } from "../python/strptime.ts";
import { text } from "../python/text.ts";
import { parseFloatText } from "./numbers.ts";
import { filter, type FilterTable, requireText } from "./filter.ts";

const epoch = (value: Live): number => {
  const seconds = numberOf(value)?.n ?? (typeof value === "string" ? parseFloatText(value) : undefined);
  if (seconds === undefined) throw new Fault(`Invalid value for epoch value (${typeName(value)})`);
  return seconds;
};

/** Filters about dates. */
export const dateFilters: FilterTable = {
  strftime: filter("second utc", (value, args, evaluation) => {
    const second = args.get("second") ?? null;
    const at = second === null ? evaluation.context.lookups.now() : new Date(epoch(second) * 1000);
    if (Number.isNaN(at.getTime())) throw new Fault("strftime: the time is out of range");
    return strftime(requireText(value, "strftime"), args.boolean("utc", false) ? utcClock(at) : localClock(at));
  }),
  to_datetime: filter("format", (value, args) => {
    const format = args.text("format", "%Y-%m-%d %H:%M:%S");
    const date = parseDate(text(value), format);
    if (date === undefined) throw new Fault(`time data '${text(value)}' does not match format '${format}'`);
    return date;
  }),
};
