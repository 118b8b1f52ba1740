import type { Fields } from "../command/command-result.ts";

/** Facts about the account that runs the tasks, from `id` and its line of passwd(5). */
export const userFacts = (id: string, passwd: string): Fields => {
  const uid = Number(/uid=(\d+)/.exec(id)?.[1] ?? 0);
  const gid = Number(/gid=(\d+)/.exec(id)?.[1] ?? 0);
  const [name = "", , , , gecos = "", home = "", shell = ""] = passwd.split(":");
  return {
    user_id: name || (/uid=\d+\(([^)]+)\)/.exec(id)?.[1] ?? String(uid)),
    user_uid: uid,
    user_gid: gid,
    user_gecos: gecos,
    user_dir: home,
    user_shell: shell,
    real_user_id: uid,
    effective_user_id: uid,
    real_group_id: gid,
    effective_group_id: gid,
  };
};

/** The environment as `env` prints it. A line that is no assignment belongs to the value before it. */
export const environmentFacts = (text: string): Fields => {
  const env: Record<string, string> = {};
  let last: string | undefined;
  for (const line of text.split("\n")) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) [last, env[name]] = [name, value ?? ""];
    else if (last !== undefined) env[last] = `${env[last] ?? ""}\n${line}`;
  }
  return env;
};

/** Facts about the time, from `date '+%s|%Y-%m-%d|%H:%M:%S|%Z|%z|%A|%w|%W'`: the host's local time and zone. */
export const dateTimeFacts = (text: string): Fields => {
  const [epoch = "0", date = "", time = "", zone = "", offset = "", weekday = "", day = "", week = ""] =
    text.split("|");
  const [year = "", month = "", dayOfMonth = ""] = date.split("-");
  const [hour = "", minute = "", second = ""] = time.split(":");
  const utc = new Date(Number(epoch) * 1000).toISOString().slice(0, 19);
  const compact = `${date}T${time}`.replaceAll(/[-:]/g, "");
  return {
    epoch,
    epoch_int: epoch,
    date,
    time,
    year,
    month,
    day: dayOfMonth,
    hour,
    minute,
    second,
    weekday,
    weekday_number: day,
    weeknumber: week,
    tz: zone,
    tz_dst: zone,
    tz_offset: offset,
    iso8601: `${utc}Z`,
    iso8601_micro: `${utc}.000000Z`,
    iso8601_basic: `${compact}000000`,
    iso8601_basic_short: compact,
  };
};
