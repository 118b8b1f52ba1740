import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Program, ProgramResult } from "../../src/shell/program.ts";
import { withoutComments } from "../../src/shell/shell-function.ts";
import { bootstrap, decodeResult, FrameDecoder, programText } from "../../src/transport/protocol.ts";
import type { Case } from "./case-file.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";

const driver = new URL("driver.sh", import.meta.url).pathname;
const bulk = new URL("../lab/bulk.sh", import.meta.url).pathname;
const prelude = withoutComments(new URL("../../src/shell/prelude.sh", import.meta.url));

/** The shells that every body is run in, and the command that starts each. */
export const shells: Readonly<Record<string, readonly string[]>> = {
  dash: ["dash"],
  bash: ["bash", "--posix"],
  busybox: ["busybox", "sh"],
  mksh: ["mksh"],
};

/** What the census need not search for a test's sake. */
export const smallHost =
  "for d in /root /usr/share /usr/lib/python3 /usr/lib/google-cloud-sdk /var/cache /opt /srv; do [ ! -d $d ] || mount -t tmpfs -o mode=755 t $d; done";

/** What the cases share: a mount point, and the commands of BusyBox, which its shell finds first as on a small host. */
export interface Workbench {
  readonly mountPoint: string;
  readonly applets: string;
  close(): void;
}

/** Commands of BusyBox that a real BusyBox host would use for files; its account tools are not in Debian's build. */
const appletNames =
  "[ awk base64 basename cat chgrp chmod chown cmp cp cut date dd df diff dirname du env expr find grep head id " +
  "ln ls md5sum mkdir mkfifo mknod mktemp mv od printf pwd readlink realpath rm rmdir sed sha1sum sha256sum sha512sum " +
  "sleep sort stat sync tail tee test touch tr uname uniq wc xargs";

/** Makes the workbench; the error says why this machine cannot have throw-away roots. */
export const openWorkbench = (): Workbench | { readonly reason: string } => {
  if (process.getuid?.() !== 0) return { reason: "the cases need root, for a root file system of their own" };
  const probe = spawnSync("unshare", ["-m", "-n", "-p", "-u", "--fork", "true"], { encoding: "utf8" });
  if (probe.status !== 0)
    return { reason: `namespaces are not permitted here: ${probe.stderr || probe.error?.message}` };
  const folder = mkdtempSync(join(tmpdir(), "latchkey-shell-"));
  const made = spawnSync(
    "sh",
    [
      "-c",
      'mkdir "$1/at" "$1/applets" "$1/mask"; sh "$3" "$1/mask" || exit\n' +
        'for a in $2; do ln -s /usr/bin/busybox "$1/applets/$a" || exit; done',
      "sh",
    ].concat(folder, appletNames, bulk),
  );
  if (made.status !== 0) throw new Error(String(made.stderr));
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  // Where the tests could not even be collected, nobody calls it.
  process.once("exit", close);
  return { mountPoint: join(folder, "at"), applets: join(folder, "applets"), close };
};

/** One live shell in a throw-away root, spoken to with the real protocol. */
export class ThrowawayHost {
  readonly #child: ChildProcess;
  readonly #mountPoint: string;
  readonly #known = new Set<string>();
  readonly #waiting = new Map<string, (payload: Buffer) => void>();
  readonly #ended: Promise<number | null>;
  #stdout = "";
  #stderr = "";
  /** What was written outside a command: a body has no business to write there. */
  #noise = "";
  #id = 0;
  /** All that was run here. */
  readonly programs: Program[] = [];

  private constructor(child: ChildProcess, mountPoint: string, nonce: string) {
    this.#child = child;
    this.#mountPoint = mountPoint;
    const output = new FrameDecoder(
      nonce,
      (frame) => {
        if (frame.kind === "begin") this.#noise += this.#take("stdout");
        this.#waiting.get(`${frame.kind} ${frame.id}`)?.(frame.payload);
      },
      (raw) => (this.#stdout += raw.toString("utf8")),
    );
    const errors = new FrameDecoder(
      nonce,
      (frame) => {
        if (frame.kind === "begin") this.#noise += this.#take("stderr");
        this.#waiting.get(`error ${frame.kind} ${frame.id}`)?.(frame.payload);
      },
      (raw) => (this.#stderr += raw.toString("utf8")),
    );
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => errors.push(chunk));
    child.stdin?.on("error", () => {});
    this.#ended = once(child, "close").then(([code]) => code as number | null);
  }

  /** Prepares the root with the case's `given` and starts the shell in it. */
  static async start(bench: Workbench, shell: string, situation: Case): Promise<ThrowawayHost> {
    const command = shells[shell] ?? [shell];
    const applets = shell === "busybox" ? bench.applets : "";
    const nonce = randomBytes(8).toString("hex");
    const child = spawn(
      "unshare",
      [
        "-m",
        "-n",
        "-p",
        "-u",
        "-i",
        "--fork",
        "--kill-child",
        "sh",
        driver,
        bench.mountPoint,
        situation.given,
        situation.then,
      ].concat([situation.becomeUser, applets], command),
    );
    const host = new ThrowawayHost(child, bench.mountPoint, nonce);
    // On both streams: the trace of `given` is not to come later, as if a body had written it.
    const ready = Promise.all([host.#frame("ready 0"), host.#frame("error ready 0")]);
    child.stdin.write(`${bootstrap(prelude, nonce)}lk_frame ready '' >&2\n`);
    await ready;
    return host;
  }

  /** What differs from the machine's own root. */
  snapshot(): Snapshot {
    return takeSnapshot(`/proc/${this.#child.pid}/root${this.#mountPoint}/up`);
  }

  /** A path of the case's root, for the test's own eyes. */
  path(path: string): string {
    return `/proc/${this.#child.pid}/root${this.#mountPoint}/root${path}`;
  }

  /** Reads a text of the case's root. */
  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  /** Runs one program, as a session does; throws where it gives no result, or writes where it should not. */
  async exec(program: Program): Promise<ProgramResult> {
    const id = ++this.#id;
    this.programs.push(program);
    [this.#stdout, this.#stderr, this.#noise] = ["", "", ""];
    let payload: Buffer | undefined;
    let began = false;
    this.#waiting.set(`res ${id}`, (bytes) => (payload = bytes));
    this.#waiting.set(`begin ${id}`, () => (began = true));
    let status = "";
    this.#waiting.set(`end ${id}`, (bytes) => (status = bytes.toString()));
    // Frames of our own behind the program: what was written before them on either stream has come by then.
    const end = Promise.all([this.#frame(`done ${id}`), this.#frame(`error done ${id}`)]);
    this.#child.stdin?.write(`${programText(program, id, this.#known)}lk_frame done ''; lk_frame done '' >&2\n`);
    for (const fn of program.functions) this.#known.add(fn.name);
    await end;
    if (!began) this.#noise += this.#take("stdout") + this.#take("stderr");
    const result = payload === undefined ? undefined : decodeResult(payload);
    if (result === undefined) throw new Error(`no result; exit status ${status}\n${this.#noise}`);
    if (this.#noise !== "") throw new Error(`output outside a command:\n${this.#noise}`);
    return { ...result, stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Gives the disk of the root another size; options of tmpfs(5). */
  limitDisk(options: string): void {
    const inside = ["-t", String(this.#child.pid), "-m", "mount", "-o", `remount,${options}`, this.#mountPoint];
    const { status, stderr } = spawnSync("nsenter", inside, { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  }

  /** Ends the shell and runs the case's `then`; throws with its trace when it does not hold. */
  async finish(): Promise<void> {
    this.#stderr = "";
    this.#child.stdin?.end();
    const code = await this.#ended;
    if (code === 99) throw new Error(`\`then\` does not hold:\n${this.#stderr}`);
    if (code !== 0) throw new Error(`the shell ended with status ${code}\n${this.#stderr}`);
  }

  /** Ends everything at once, whatever happened. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  #take(stream: "stdout" | "stderr"): string {
    const text = stream === "stdout" ? this.#stdout : this.#stderr;
    if (stream === "stdout") this.#stdout = "";
    else this.#stderr = "";
    return text;
  }

  async #frame(key: string): Promise<Buffer> {
    const came = new Promise<Buffer>((resolve) => this.#waiting.set(key, resolve));
    const lost = this.#ended.then((code) => {
      const why = code === 97 ? "`given` failed" : `the shell ended with status ${code}`;
      throw new Error(`${why}\n${this.#stdout}${this.#stderr}`);
    });
    return Promise.race([came, lost]);
  }
}
