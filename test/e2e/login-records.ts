/** Where a host notes that someone logged in or used sudo, whoever it was. */
const RECORDS = /^\/(var\/log\/|run\/utmp$|run\/motd\.dynamic$|run\/sudo(\/|$)|var\/lib\/sudo\/)/;

/** The directories of these files: their own modification time says that a login was. */
const TOUCHED = new Set(["touched /run", "touched /var/log", "touched /var/lib/sudo"]);

/** The lines of a lab's changed list that are no login records: the traces of what was done. */
export function tracesOf(changed: readonly string[]): readonly string[] {
  return changed.filter((line) => !TOUCHED.has(line) && !RECORDS.test(line.replace(/^\w+ /, "")));
}
