// Ends with 0 when node_modules holds exactly the packages of package-lock.json. npm keeps its own record of what it
// installed, in the lock file's format; packages of other platforms are in the lock file only.
import { readFileSync } from "node:fs";

const versions = (path) => JSON.parse(readFileSync(path, "utf8")).packages;

try {
  const wanted = versions("package-lock.json");
  const installed = versions("node_modules/.package-lock.json");
  const current = Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === "") return true;
    const found = installed[path];
    if (found === undefined) return optional === true;
    return found.version === version && found.integrity === integrity;
  });
  process.exitCode = current ? 0 : 1;
} catch {
  process.exitCode = 1;
}
