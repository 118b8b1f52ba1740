import { err, ok, type Result } from "../util/result.ts";
import { splitWords } from "./command/split-words.ts";

/** The words of a `validate` option; `%s` stands for the new file, `%%` for a percent sign. */
export const validateWords = (command: string | undefined): Result<readonly string[] | undefined, string> => {
  if (command === undefined || command === "") return ok(undefined);
  if (!command.includes("%s")) return err(`validate must contain %s: ${command}`);
  return splitWords(command.replaceAll("%%", "%"));
};
