import { matchesGlob } from "../../util/ssh-patterns.ts";
import { cutUserPattern, matchesUser, type Visitor } from "./match-pattern.ts";
import { type Directive, originOf, type Settings, type Wanted } from "./sshd-config.ts";

/** What keeps somebody out, and what else there is to know; each one sentence that says what to do. */
export interface Judgement {
  readonly blockers: readonly string[];
  readonly notes: readonly string[];
}

/** What sshd says about one login. */
export interface SettingsOfLogin {
  readonly settings: Settings;
  readonly config: readonly Directive[];
  readonly visitor: Visitor;
  /** Whether an address was given; else the visitor's is one that no setting names. */
  readonly hasAddress: boolean;
  /** Whether the account's groups are known. */
  readonly hasAccount: boolean;
  /** The type of the key, where there is one. */
  readonly keyType: string | undefined;
  /** What is wrong with the file of RevokedKeys. */
  readonly revoked: "missing" | "holds" | undefined;
}

/** Judges the settings in the order in which sshd asks them. */
export const judgeSettings = (login: SettingsOfLogin): Judgement => ({
  blockers: [...judgeNames(login), ...judgeMethods(login), ...judgeRoot(login), ...judgeKeys(login)],
  notes: [...placeNotes(login), ...sessionNotes(login)],
});

/** The first value of a setting; undefined for sshd's words for "not set". */
export const settingOf = (settings: Settings, name: string): string | undefined => {
  const value = settings.get(name)?.[0];
  return value === undefined || value === "none" || value === "" ? undefined : value;
};

const listOf = (settings: Settings, name: string): readonly string[] =>
  (settings.get(name) ?? []).flatMap((line) => line.split(" ")).filter((word) => word !== "");

const writtenNames = new Map(
  (
    "AllowGroups AllowUsers AuthenticationMethods AuthorizedKeysCommand AuthorizedKeysFile ChrootDirectory DenyGroups " +
    "DenyUsers ForceCommand PermitRootLogin PermitTTY PubkeyAcceptedAlgorithms PubkeyAuthentication RevokedKeys"
  )
    .split(" ")
    .map((name) => [name.toLowerCase(), name]),
);

/** A setting as a sentence names it: name, value and place. */
export const naming = (
  { config, visitor }: Pick<SettingsOfLogin, "config" | "visitor">,
  wanted: Wanted,
  value: string,
): string => {
  const origin = originOf(config, visitor, wanted);
  const place = origin === undefined ? "" : ` (${origin.file}:${origin.line})`;
  return `${writtenNames.get(wanted.name) ?? wanted.name} ${value}${place}`;
};

const RELOAD = "then reload sshd";

const judgeNames = (login: SettingsOfLogin): readonly string[] => {
  const { settings, visitor, hasAccount } = login;
  const { user, groups } = visitor;
  const [denyUsers, allowUsers, denyGroups, allowGroups] = ["denyusers", "allowusers", "denygroups", "allowgroups"].map(
    (name) => listOf(settings, name),
  ) as [readonly string[], readonly string[], readonly string[], readonly string[]];
  const texts: string[] = [];
  const denied = denyUsers.find((pattern) => matchesUser(visitor, pattern));
  if (denied !== undefined) {
    const name = naming(login, { name: "denyusers", value: (words) => words.includes(denied) }, denied);
    texts.push(`${name} refuses ${user}: take it out there, ${RELOAD}`);
  }
  if (allowUsers.length > 0 && !allowUsers.some((pattern) => matchesUser(visitor, pattern))) {
    const elsewhere = allowUsers.some((pattern) => matchesGlob(user, cutUserPattern(pattern).user));
    const name = naming(login, { name: "allowusers", value: () => true }, allowUsers.join(" "));
    const missing = elsewhere ? `lets ${user} in only from elsewhere` : `does not name ${user}`;
    texts.push(`${name} ${missing}: add ${user}${login.hasAddress ? `@${visitor.address}` : ""} there, ${RELOAD}`);
  }
  if (!hasAccount) return texts;
  const fits = (patterns: readonly string[]): string | undefined =>
    patterns.find((pattern) => groups.some((group) => matchesGlob(group, pattern)));
  const deniedGroup = fits(denyGroups);
  if (deniedGroup !== undefined) {
    const name = naming(login, { name: "denygroups", value: (words) => words.includes(deniedGroup) }, deniedGroup);
    texts.push(`${name} refuses a group of ${user}: take ${user} out of that group, or the group out there`);
  }
  if (allowGroups.length > 0 && fits(allowGroups) === undefined) {
    const name = naming(login, { name: "allowgroups", value: () => true }, allowGroups.join(" "));
    texts.push(`${name} names no group of ${user} (${groups.join(", ")}): add the account to one of them`);
  }
  return texts;
};

const judgeMethods = (login: SettingsOfLogin): readonly string[] => {
  const { settings } = login;
  const texts: string[] = [];
  if (settings.get("pubkeyauthentication")?.[0] === "no") {
    const name = naming(login, { name: "pubkeyauthentication", value: "no" }, "no");
    texts.push(`${name} lets nobody in with a key: set it to yes for ${login.visitor.user}, ${RELOAD}`);
  }
  const methods = settingOf(settings, "authenticationmethods");
  if (methods !== undefined && !methods.split(" ").some((each) => each === "any" || each === "publickey")) {
    const name = naming(login, { name: "authenticationmethods", value: methods }, methods);
    texts.push(`${name} asks for more than a key: let publickey be enough for ${login.visitor.user}, ${RELOAD}`);
  }
  return texts;
};

const judgeRoot = (login: SettingsOfLogin): readonly string[] => {
  const value = login.settings.get("permitrootlogin")?.[0] ?? "";
  if (login.visitor.user !== "root" || !["no", "forced-commands-only"].includes(value)) return [];
  const name = naming(login, { name: "permitrootlogin", value }, value);
  return [`${name} keeps root out: log in as another account and use sudo`];
};

const judgeKeys = (login: SettingsOfLogin): readonly string[] => {
  const { settings, keyType, revoked } = login;
  const texts: string[] = [];
  const accepted = settingOf(settings, "pubkeyacceptedalgorithms") ?? settingOf(settings, "pubkeyacceptedkeytypes");
  if (keyType !== undefined && accepted !== undefined && !acceptsType(accepted.split(","), keyType)) {
    texts.push(`PubkeyAcceptedAlgorithms does not hold ${keyType}, the type of the key: use a key of another type`);
  }
  if (settings.get("authorizedkeysfile")?.[0] === "none") {
    const name = naming(login, { name: "authorizedkeysfile", value: "none" }, "none");
    const command = settingOf(settings, "authorizedkeyscommand");
    const cure = `name one for ${login.visitor.user} there, ${RELOAD}`;
    const other = command === undefined ? "" : `have whoever keeps the keys of ${command} add this one, or `;
    texts.push(`${name} has sshd read no key file: ${other}${cure}`);
  }
  const path = settingOf(settings, "revokedkeys");
  if (path !== undefined && revoked !== undefined) {
    const name = naming(login, { name: "revokedkeys", value: path }, path);
    texts.push(
      revoked === "missing"
        ? `${name} cannot be read, and then sshd refuses every key: make that file, or take the line out`
        : `${name} holds the key, so that sshd refuses it: use another key`,
    );
  }
  return texts;
};

const acceptsType = (algorithms: readonly string[], type: string): boolean =>
  (type === "ssh-rsa" ? ["ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"] : [type]).some((each) => algorithms.includes(each));

/** Without an address the answer is about any place: what is said of certain places does not count in it. */
const placeNotes = ({ settings, config, visitor, hasAddress }: SettingsOfLogin): readonly string[] => {
  const notes: string[] = [];
  if (!hasAddress) {
    for (const pattern of listOf(settings, "denyusers")) {
      const { user, place } = cutUserPattern(pattern);
      if (place === undefined || !matchesGlob(visitor.user, user)) continue;
      notes.push(`DenyUsers ${pattern} refuses ${visitor.user} from there`);
    }
  }
  for (const { name, words, file, line } of config) {
    if (name !== "match") continue;
    const criteria = words.map((word) => word.toLowerCase().split("=")[0] ?? "");
    const isOpen = criteria.some((each) => each.startsWith("local")) || (!hasAddress && criteria.includes("address"));
    if (isOpen) notes.push(`Match ${words.join(" ")} (${file}:${line}) was judged for an address that is only assumed`);
  }
  return notes;
};

const sessionNotes = (login: SettingsOfLogin): readonly string[] => {
  const { settings } = login;
  const told = (name: string, text: string): readonly string[] => {
    const value = settingOf(settings, name);
    return value === undefined ? [] : [`${naming(login, { name, value }, value)} ${text}`];
  };
  return [
    ...told("forcecommand", "runs instead of a shell"),
    ...told("chrootdirectory", "is all that a session sees"),
    ...(settings.get("permittty")?.[0] === "no" ? told("permittty", "gives a session no terminal") : []),
    ...told("authorizedkeyscommand", "may let in with keys that are in no file"),
  ];
};
