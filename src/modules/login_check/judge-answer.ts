import type { FieldValue } from "../../shell/program.ts";
import type { PublicKey } from "../authorized_key/public-key.ts";
import { type Account, judgeAccount } from "./judge-account.ts";
import { type Judgement, judgeSettings, settingOf } from "./judge-settings.ts";
import { type Directive, originOf, parseConfig, parseSettings, type Settings } from "./sshd-config.ts";
import type { Visitor } from "./match-pattern.ts";

/** Who is to log in. */
export interface Question {
  readonly user: string;
  readonly address: string;
  readonly hasAddress: boolean;
  readonly key: PublicKey | undefined;
}

/** What was found, and which files are still to be looked at, as sshd would. */
export interface Answer extends Judgement {
  readonly file: readonly string[];
  readonly strict: boolean;
  /** Whether keys may come from elsewhere, so that a file is not needed. */
  readonly command: boolean;
}

type Fields = Readonly<Record<string, FieldValue>>;

/** Judges what the host said of its sshd and of the account. */
export const judgeAnswer = (fields: Fields, question: Question): Answer => {
  const sshd = mapOf(fields["sshd"]);
  const account = accountOf(mapOf(fields["account"]), question.user);
  const settings = typeof sshd["settings"] === "string" ? parseSettings(sshd["settings"]) : undefined;
  const groups = mapOf(fields["account"])["groups"];
  const visitor: Visitor = {
    user: question.user,
    groups: [...new Set(textsOf(groups))],
    address: question.address,
  };
  const config = parseConfig(textOf(sshd["config"]));
  const ofSettings =
    settings === undefined
      ? withoutSettings(sshd)
      : judgeSettings({
          settings,
          config,
          visitor,
          hasAddress: question.hasAddress,
          hasAccount: account !== undefined,
          keyType: question.key?.type,
          revoked: revokedOf(sshd["revoked"]),
        });
  const file =
    account === undefined || account.isPlanned
      ? []
      : filesOf(account, mapOf(fields["account"]), settings, { config, visitor });
  const ofAccount =
    account === undefined
      ? { blockers: [`there is no account ${question.user}: create it first`], notes: [] }
      : judgeAccount(account, {
          today: Number(fields["today"]),
          usesPam: settings === undefined ? undefined : settings.get("usepam")?.[0] === "yes",
          isChrooted: settings !== undefined && settingOf(settings, "chrootdirectory") !== undefined,
          hasFileElsewhere: file.some((path) => !path.startsWith(`${account.home}/`)),
        });
  return {
    blockers: [...ofSettings.blockers, ...ofAccount.blockers],
    notes: [...textsOf(sshd["notes"]).map((text) => text.trim()), ...ofSettings.notes, ...ofAccount.notes],
    file,
    strict: settings?.get("strictmodes")?.[0] !== "no",
    command: settings !== undefined && settingOf(settings, "authorizedkeyscommand") !== undefined,
  };
};

const withoutSettings = (sshd: Fields): Judgement => {
  const { invalid, path, dropbear } = sshd;
  if (typeof path !== "string") {
    const what = dropbear === true ? "the server is dropbear, and no" : "there is no";
    return { blockers: [], notes: [`${what} sshd of OpenSSH here: the server's settings were not checked`] };
  }
  // The first line has the place; sshd ends its lines as a terminal would have them.
  const said = textOf(invalid).split("\n")[0]?.trim() ?? "";
  return {
    blockers: [`sshd -t refuses the configuration: ${said}: correct it before anything reloads sshd`],
    notes: [],
  };
};

const revokedOf = (value: FieldValue | undefined): "missing" | "holds" | undefined =>
  value === "missing" || value === "holds" ? value : undefined;

/** The files that sshd reads keys from, in its order, as paths (sshd_config(5), TOKENS). */
const filesOf = (
  account: Account,
  fields: Fields,
  settings: Settings | undefined,
  { config, visitor }: { readonly config: readonly Directive[]; readonly visitor: Visitor },
): readonly string[] => {
  const value = settings?.get("authorizedkeysfile")?.[0] ?? ".ssh/authorized_keys";
  if (value === "none") return [];
  // sshd says the paths without their quotes: only the line itself tells where one ends that holds a blank.
  const origin = originOf(config, visitor, { name: "authorizedkeysfile", value });
  const paths = origin?.words.join(" ") === value ? origin.words : value.split(" ");
  const tokens = new Map([
    ["%h", account.home],
    ["%u", account.name],
    ["%U", textOf(fields["uid"])],
    ["%%", "%"],
  ]);
  return paths.map((path) => {
    const expanded = path.replaceAll(/%[huU%]/g, (token) => tokens.get(token) ?? token);
    return expanded.startsWith("/") ? expanded : `${account.home}/${expanded}`;
  });
};

const accountOf = (fields: Fields, name: string): Account | undefined => {
  if (fields["home"] === undefined) return undefined;
  const state = fields["shell_state"];
  const shell = textOf(fields["shell"]);
  return {
    name,
    home: textOf(fields["home"]),
    shell: shell === "" ? "/bin/sh" : shell,
    isPlanned: fields["planned"] === true,
    shellState: state === "missing" || state === "not-executable" ? state : "ok",
    hasHome: fields["has_home"] === true,
    isLocked: fields["locked"] === true,
    expiresDay: dayOf(fields["expires"]),
    changedDay: dayOf(fields["password_changed"]),
    maxDays: dayOf(fields["password_max"]),
  };
};

const dayOf = (value: FieldValue | undefined): number | undefined =>
  typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined;

const textOf = (value: FieldValue | undefined): string => (typeof value === "string" ? value : "");

const textsOf = (value: FieldValue | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const mapOf = (value: FieldValue | undefined): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
