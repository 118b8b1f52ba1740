import type { Identity } from "./transport.ts";

/** How to become another user. */
export type Become = NonNullable<Identity["become"]>;

/** How a shell of another user is started. */
export interface BecomeCommand {
  /** The words of the command line, not yet quoted. */
  readonly words: readonly string[];
  /** The shell writes this line when it is there; absent where it may be written to at once. */
  readonly marker?: string;
  /** Stands in the question for the password, on standard error or the terminal. */
  readonly prompt?: RegExp;
  /** Only a terminal is asked for the password. */
  readonly needsPty: boolean;
}

/**
 * The command of a become method.
 *
 * Without a password nothing may ask, so that all can be written at once. With one, the shell announces itself: the
 * password is only ever written as the answer to the question.
 */
export const becomeCommand = (become: Become, nonce: string): BecomeCommand => {
  const asks = become.password !== undefined;
  const marker = `latchkey-${nonce}`;
  switch (become.method) {
    case "sudo":
      return asks ? sudoWithPassword(become, marker) : sudoWithout(become);
    case "doas":
      return asks ? doasWithPassword(become, marker) : doasWithout(become);
    case "su":
      return su(become, marker);
  }
};

const sudoWithout = ({ exe, flags, user }: Become): BecomeCommand => ({
  words: [...flagWords(exe, ["sudo"]), ...flagWords(flags, ["-H", "-S", "-n"]), "-u", user, "--", "/bin/sh"],
  needsPty: false,
});

const sudoWithPassword = ({ exe, flags, user }: Become, marker: string): BecomeCommand => {
  const prompt = `[${marker}] password: `;
  const own = flagWords(flags, ["-H"]).filter((word) => word !== "-n" && word !== "--non-interactive" && word !== "-S");
  return {
    words: [
      ...flagWords(exe, ["sudo"]),
      ...own,
      "-S",
      "-p",
      prompt,
      "-u",
      user,
      "--",
      "/bin/sh",
      "-c",
      announced(marker),
    ],
    marker,
    prompt: new RegExp(escapeRegExp(prompt)),
    needsPty: false,
  };
};

const doasWithout = ({ exe, flags, user }: Become): BecomeCommand => ({
  words: [...flagWords(exe, ["doas"]), ...flagWords(flags, ["-n"]), "-u", user, "--", "/bin/sh"],
  needsPty: false,
});

/**
 * doas reads the password from the terminal alone (doas(1)): one is made, and set so that it changes no byte. The shell
 * gets pipes: on a terminal it would be interactive.
 */
const doasWithPassword = ({ exe, flags, user }: Become, marker: string): BecomeCommand => ({
  words: [
    ...flagWords(exe, ["doas"]),
    ...flagWords(flags, []),
    "-u",
    user,
    "--",
    "/bin/sh",
    "-c",
    `stty raw -echo; echo ${marker}; cat | /bin/sh 2>&1 | cat`,
  ],
  marker,
  prompt: /password[^\n]*: ?$/i,
  needsPty: true,
});

/** su reads the password from standard input where that is no terminal. Its language is the host's. */
const su = ({ exe, flags, user }: Become, marker: string): BecomeCommand => ({
  words: [...flagWords(exe, ["su"]), ...flagWords(flags, []), "-c", announced(marker), "--", user],
  marker,
  prompt: /[:：] ?$/,
  needsPty: false,
});

const announced = (marker: string): string => `echo ${marker}; exec /bin/sh`;

const flagWords = (flags: string | undefined, usual: readonly string[]): readonly string[] =>
  flags === undefined ? usual : flags.split(/\s+/).filter((word) => word !== "");

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
