import { err, ok, type Result } from "../util/result.ts";

/**
 * Whether passwd(5) and group(5) can hold a name at all. Whether a host's tools accept it is for them to say: they
 * differ, and a name may exist that they would refuse today.
 */
export const checkAccountName = (name: string, what: "user" | "group"): Result<string, string> => {
  const cannot = (reason: string) => err(`invalid ${what} name ${JSON.stringify(name)}: ${reason}`);
  if (name === "") return cannot("it is empty");
  // oxlint-disable-next-line no-control-regex -- they are what this is about
  if (/[\u0000-\u001f\u007f]/.test(name)) return cannot("it holds a control character");
  if (/[:,/]/.test(name)) return cannot("it holds one of : , /");
  if (name === "." || name === "..") return cannot("it would name a directory");
  return ok(name);
};
