import { type Context, createContext, Script } from "node:vm";

/** As long as somebody waits who does not know why. */
const LIMIT_MS = 1000;

/** A search that would have gone on: some expressions try more ways than there are seconds (`(a+)+$`). */
export class SearchTooLong extends Error {
  constructor(pattern: string) {
    super(`the regular expression "${pattern}" takes too long on this text`);
  }
}

/**
 * A regular expression that people wrote: a search ends after a second. V8 has no limit for it but that of a script,
 * which costs 60 µs each time, so that where few ways are possible it is searched without. What took too long once is not
 * tried again.
 *
 * @throws SearchTooLong from every search
 */
export class BoundedRegExp extends RegExp {
  override exec(text: string): RegExpExecArray | null {
    if (!isRisky(this.source, text.length)) return super.exec(text);
    if (slow.has(this.source)) throw new SearchTooLong(this.source);
    sandbox ??= { context: createContext({}), script: new Script("search()") };
    sandbox.context["search"] = () => super.exec(text);
    try {
      return sandbox.script.runInContext(sandbox.context, { timeout: LIMIT_MS }) as RegExpExecArray | null;
    } catch (error) {
      // It comes from the sandbox, whose `Error` is another one.
      if ((error as { code?: unknown }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      slow.add(this.source);
      throw new SearchTooLong(this.source);
    }
  }
}

const slow = new Set<string>();
let sandbox: { readonly context: Context; readonly script: Script } | undefined;

/** Whether parts of a text can be shared out among repetitions in many ways. */
const isRisky = (source: string, length: number): boolean => {
  if (length < 16) return false;
  const repetitions = source.match(/[*+}]/g)?.length ?? 0;
  return repetitions > 1 || (repetitions === 1 && (source.includes("|") || length > 10_000));
};
