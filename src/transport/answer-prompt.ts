import type { Readable } from "node:stream";
import type { Failure } from "../util/failure.ts";
import type { Result } from "../util/result.ts";
import { err, ok } from "../util/result.ts";
import type { BecomeCommand } from "./become-command.ts";
import type { Channel, ChannelEnd } from "./channel.ts";
import { onAbort } from "./on-abort.ts";
import { OutputExcerpt } from "./output-capture.ts";
import type { Secret } from "./transport.ts";

/** What waits for a shell behind a question for a password. */
export interface PromptDialog {
  readonly channel: Channel;
  readonly command: BecomeCommand;
  readonly password: Secret | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly explain: (reason: PromptEnd) => Failure;
}

/** Why there is no shell. */
export type PromptEnd =
  | { readonly is: "asked-again" }
  | { readonly is: "password-needed" }
  | { readonly is: "too-slow"; readonly output: string }
  | { readonly is: "cancelled" }
  | { readonly is: "closed"; readonly end: ChannelEnd; readonly output: string };

/**
 * Waits for the marker of the shell, and answers the question for the password once. Nothing else is written before
 * the marker was seen: the password never reaches the shell, and no program ever reaches a question.
 */
export const answerPrompt = (dialog: PromptDialog): Promise<Result<Channel, Failure>> => {
  const { channel, command, password } = dialog;
  const marker = Buffer.from(`${command.marker ?? ""}${channel.merged ? "" : "\n"}`);
  return new Promise((resolve) => {
    const said = new OutputExcerpt();
    let stdout: Buffer = Buffer.alloc(0);
    let asked = "";
    let answered = false;
    let done = false;

    const finish = (result: Result<Channel, Failure>): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      stopListening();
      detach(channel.stdout, onStdout);
      detach(channel.stderr, onStderr);
      if (!result.ok) {
        // A login shell whose start-up file hangs would stay behind.
        channel.signal("KILL");
        channel.destroy();
      }
      resolve(result);
    };
    const fail = (reason: PromptEnd): void => finish(err(dialog.explain(reason)));

    const onQuestion = (text: string): void => {
      asked += text;
      if (command.prompt?.test(asked) !== true) return;
      if (password === undefined) return fail({ is: "password-needed" });
      if (answered) return fail({ is: "asked-again" });
      answered = true;
      asked = "";
      channel.stdin.write(`${password.reveal()}\n`);
    };
    const onStderr = (chunk: Buffer): void => {
      said.push(chunk);
      onQuestion(chunk.toString("utf8"));
    };
    const onStdout = (chunk: Buffer): void => {
      stdout = Buffer.concat([stdout, chunk]);
      const at = stdout.indexOf(marker);
      if (at === -1) {
        said.push(chunk);
        if (channel.merged) onQuestion(chunk.toString("utf8"));
        return;
      }
      const rest = stdout.subarray(at + marker.length);
      finish(ok(channel));
      if (rest.length > 0) channel.stdout.unshift(rest);
    };
    const timer = setTimeout(() => fail({ is: "too-slow", output: said.toString() }), dialog.timeoutMs);

    const stopListening = onAbort(dialog.signal, () => fail({ is: "cancelled" }));
    // A write to a process that is gone fails; that it is gone is told by `closed`.
    channel.stdin.on("error", () => {});
    channel.stdout.on("data", onStdout);
    channel.stderr.on("data", onStderr);
    void channel.closed.then((end) => fail({ is: "closed", end, output: said.toString() }));
  });
};

/** Stops listening and holds what comes next for the next listener. */
const detach = (stream: Readable, listener: (chunk: Buffer) => void): void => {
  stream.off("data", listener);
  stream.pause();
};
