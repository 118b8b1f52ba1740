/**
 * Whether a path is where a host notes that someone logged in or used sudo, whoever it was: the only files that may
 * differ after a grant and its revoke.
 */
function isLoginRecord(path: string): boolean {
  return /^\/(var\/log\/|run\/utmp$|run\/motd\.dynamic$|run\/sudo(\/|$)|var\/lib\/sudo\/)/.test(path);
}

/** The lines of a lab's changed list that are no login records: the traces of what was done. */
export function tracesOf(changed: readonly string[]): readonly string[] {
  return changed.filter((line) => !isLoginRecord(line.replace(/^\w+ /, "")));
}
