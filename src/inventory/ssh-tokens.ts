import { homedir, userInfo } from "node:os";

/** Where a login goes: `name` is what the user calls the host. */
export interface Place {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
}

/** A text with the tokens of ssh_config(5) that name the host, its port and who logs in. */
export const withTokens = (text: string, { name, address, port, user }: Place): string =>
  text.replaceAll(/%([%dhnpru])/g, (_, token: string) => {
    const values = new Map([
      ["%", "%"],
      ["d", homedir()],
      ["h", address],
      ["n", name],
      ["p", String(port)],
      ["r", user],
      ["u", userInfo().username],
    ]);
    return values.get(token) ?? "";
  });

/** What of a place a shell would take for more than a name, so that no command is to have it. */
export const strangeIn = ({ name, address, user }: Place): string | undefined =>
  [name, address, user].find((text) => /[^A-Za-z0-9._:%@+=-]/.test(text));
