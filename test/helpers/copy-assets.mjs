// Copies what tsc does not: the shell bodies and libraries, to their places beside the compiled modules.
import { chmodSync, cpSync, statSync } from "node:fs";

cpSync("src", "dist", {
  recursive: true,
  filter: (path) => statSync(path).isDirectory() || path.endsWith(".sh"),
});
chmodSync("dist/main.js", 0o755);
