import type { FieldValue, ProgramResult } from "../../shell/program.ts";

/** The keys of a result. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** What the result of a command or shell needs of the arguments. */
export interface CommandCall {
  /** As Ansible returns it: the words of a command, the text of a shell. */
  readonly cmd: FieldValue;
  /** The same in one line, for a command that could not be started. */
  readonly text: string;
  readonly creates: string | undefined;
  readonly removes: string | undefined;
  readonly stripEmptyEnds: boolean;
}

const notRun = {
  rc: null,
  stdout: "",
  stderr: "",
  start: null,
  end: null,
  delta: null,
  msg: "",
  changed: false,
} as const;

/** The result of `command` and `shell`, in Ansible's keys and words. */
export const commandResult = (result: ProgramResult, call: CommandCall): Fields => {
  const { fields } = result;
  const base = { ...notRun, cmd: call.cmd };
  if (typeof fields["refused"] === "string")
    return { ...base, ...refusal(fields["refused"], fields["dry"] === true, call) };
  if (typeof fields["chdir"] === "string") {
    const reason = errorText(Number(fields["errno"]), fields["chdir"]);
    return { ...base, msg: `Unable to change directory before execution: ${reason}` };
  }
  const failed = failedToStart(result);
  if (failed !== undefined) return { cmd: call.text, ...failed };
  if (typeof fields["clock"] !== "string") {
    return { ...base, rc: 0, msg: fields["msg"] ?? "", changed: result.outcome === "changed" };
  }
  const trim = (text: string): string => (call.stripEmptyEnds ? text.replace(/[\r\n]+$/, "") : text);
  const stdout = trim(result.stdout);
  const stderr = trim(result.stderr);
  return { ...base, ...ran(result), ...readClock(fields["clock"]), stdout, stderr };
};

/** The keys of everything that ran a command of the user: status, output, and that something may have changed. */
export const ran = ({ fields, stdout, stderr }: ProgramResult): Fields => {
  const rc = fields["rc"] ?? 0;
  return { changed: true, rc, stdout, stderr, ...(rc === 0 ? {} : { msg: "non-zero return code" }) };
};

/** The keys of a command that the operating system refused to start; undefined where it did start. */
export const failedToStart = ({ fields }: ProgramResult): Fields | undefined => {
  if (typeof fields["missing"] !== "string") return undefined;
  const rc = Number(fields["errno"]);
  return { rc, stdout: "", stderr: "", msg: errorText(rc, fields["missing"]), changed: false };
};

const refusal = (kind: string, check: boolean, call: CommandCall): Fields => {
  const reason = kind === "creates" ? "exists" : "does not exist";
  const path = kind === "creates" ? call.creates : call.removes;
  const verb = check ? "Would" : "Did";
  return {
    rc: 0,
    stdout: `skipped, since ${path} ${reason}`,
    msg: `${verb} not run command since '${path}' ${reason}`,
  };
};

/** An error of the operating system as Python writes it, for the numbers that starting a command can give. */
export const errorText = (errno: number, path: string): string => {
  const texts: Readonly<Record<number, string>> = {
    2: "No such file or directory",
    13: "Permission denied",
    20: "Not a directory",
  };
  return `[Errno ${errno}] ${texts[errno] ?? "Error"}: ${bytesLiteral(path)}`;
};

/** A text as Python writes its UTF-8 bytes. */
const bytesLiteral = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = Array.from(Buffer.from(text), (byte) => {
    const char = String.fromCharCode(byte);
    if (char === "\\" || (char === quote && quote === "'")) return `\\${char}`;
    if (char === "\n") return "\\n";
    if (char === "\t") return "\\t";
    if (char === "\r") return "\\r";
    return byte >= 0x20 && byte < 0x7f ? char : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `b${quote}${escaped.join("")}${quote}`;
};

/**
 * When a command ran, from `UPTIME_BEFORE UPTIME_AFTER SECONDS ZONE NANOSECONDS`: the host's local time, as Ansible
 * writes it. The times since boot have hundredths; BusyBox's date has no nanoseconds.
 */
const readClock = (clock: string): Fields => {
  const [before, after, seconds, zone = "+0000", nanoseconds = ""] = clock.split(" ");
  if (seconds === undefined || !/^\d+$/.test(seconds)) return {};
  const fraction = /^\d{9}$/.test(nanoseconds) ? nanoseconds.slice(0, 6) : "000000";
  const end = Number(seconds) * 1_000_000 + Number(fraction) + zoneSeconds(zone) * 1_000_000;
  const delta = Math.max(0, Math.round((Number(after) - Number(before)) * 100)) * 10_000;
  return { start: localTime(end - delta), end: localTime(end), delta: duration(delta) };
};

const zoneSeconds = (zone: string): number => {
  const [, sign, hours, minutes] = /^([-+])(\d\d)(\d\d)$/.exec(zone) ?? [];
  const seconds = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
  return sign === "-" ? -seconds : seconds;
};

const localTime = (microseconds: number): string => {
  const date = new Date(Math.floor(microseconds / 1000)).toISOString().replace("T", " ").slice(0, 19);
  return `${date}.${String(microseconds % 1_000_000).padStart(6, "0")}`;
};

/** A duration as Python writes a timedelta: `0:00:01.250000`, `1 day, 0:00:00`. */
const duration = (microseconds: number): string => {
  const seconds = Math.floor(microseconds / 1_000_000);
  const [days, rest] = [Math.floor(seconds / 86_400), seconds % 86_400];
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = `${Math.floor(rest / 3600)}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
  const fraction = microseconds % 1_000_000;
  const text = fraction === 0 ? clock : `${clock}.${String(fraction).padStart(6, "0")}`;
  return days === 0 ? text : `${days} day${days === 1 ? "" : "s"}, ${text}`;
};
