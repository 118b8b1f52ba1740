import type { Judgement } from "./judge-settings.ts";

/** What a host knows of an account. */
export interface Account {
  readonly name: string;
  readonly home: string;
  readonly shell: string;
  /** Made by an earlier step of a dry run: there is nothing of it yet. */
  readonly isPlanned: boolean;
  readonly shellState: "ok" | "missing" | "not-executable";
  readonly hasHome: boolean;
  /** Its password begins with `!`. */
  readonly isLocked: boolean;
  /** The days of shadow(5), counted from 1970; undefined where they say nothing. */
  readonly expiresDay: number | undefined;
  readonly changedDay: number | undefined;
  /** For how many days a password may be used. */
  readonly maxDays: number | undefined;
}

/** What the answer depends on besides the account. */
export interface AccountSurroundings {
  readonly today: number;
  /** Undefined where there is no OpenSSH server. */
  readonly usesPam: boolean | undefined;
  readonly isChrooted: boolean;
  /** Whether a key file outside of the home may do. */
  readonly hasFileElsewhere: boolean;
}

/** Judges an account as sshd does before it looks at keys, and what PAM would say of it afterwards. */
export const judgeAccount = (account: Account, around: AccountSurroundings): Judgement => {
  const { name, home } = account;
  if (account.isPlanned) return { blockers: [], notes: [`${name} does not exist yet: only the settings were judged`] };
  const blockers: string[] = [];
  const notes: string[] = [];
  const end = account.expiresDay;
  if (end !== undefined && isExpired(end, around)) {
    blockers.push(`${name} expired on ${dateOf(end)}: set a later end with chage -E`);
  }
  if (account.isLocked && around.usesPam === false) {
    blockers.push(
      `the password of ${name} is locked with "!", which sshd without PAM refuses: set it to a star with usermod -p '*' ${name}`,
    );
  }
  blockers.push(...judgeShell(account, around));
  if (!account.hasHome) {
    const text = `${home}, the home of ${name}, is not a directory`;
    if (around.hasFileElsewhere) notes.push(`${text}: a session begins in /`);
    else blockers.push(`${text}: make it, and give it to ${name}`);
  }
  if (account.changedDay === 0 && around.usesPam !== false) {
    notes.push(`${name} has to change its password at the next login, which fails without a terminal`);
  } else if (isAged(account, around)) {
    notes.push(`the password of ${name} is too old, and has to be changed at the next login: chage -M -1 ${name}`);
  }
  return { blockers, notes };
};

const judgeShell = ({ name, shell, shellState }: Account, around: AccountSurroundings): readonly string[] => {
  const cure = `give it one with usermod -s /bin/sh ${name}`;
  if (/\/(?:nologin|false)$/.test(shell)) return [`${shell}, the shell of ${name}, ends every session: ${cure}`];
  // In a chroot it is another file system's.
  if (shellState === "ok" || around.isChrooted) return [];
  const what = shellState === "missing" ? "does not exist" : "cannot be executed";
  return [`${shell}, the shell of ${name}, ${what}, and sshd refuses such an account: ${cure}`];
};

/** PAM refuses from the day itself on, sshd alone from the day after. */
const isExpired = (day: number, { today, usesPam }: AccountSurroundings): boolean =>
  usesPam === false ? day > 0 && today > day : today >= day;

/** PAM wants a new password from the day after the last one on. */
const isAged = ({ changedDay, maxDays }: Account, { today, usesPam }: AccountSurroundings): boolean =>
  usesPam !== false && changedDay !== undefined && maxDays !== undefined && today > changedDay + maxDays;

const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
