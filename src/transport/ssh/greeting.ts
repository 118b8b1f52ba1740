import type { Readable } from "node:stream";

/** How much of a greeting is looked at, in bytes: a version line has 255 at most (RFC 4253, 4.2). */
const GREETING_LIMIT = 512;

/**
 * Notes what the other side says first; call the result for its first line, empty where it has said nothing. An SSH
 * server begins with `SSH-2.0-`, perhaps after other lines (RFC 4253, 4.2); of it the version line is given.
 */
export const hearGreeting = (socket: Readable): (() => string) => {
  let heard = "";
  const listen = (chunk: Buffer): void => {
    heard += chunk.toString("latin1", 0, GREETING_LIMIT);
    if (heard.length >= GREETING_LIMIT || isSsh(heard)) socket.off("data", listen);
  };
  socket.on("data", listen);
  return () => {
    const lines = heard.split(/\r?\n/).filter((line) => line.trim() !== "");
    return lines.find(isSsh) ?? lines[0] ?? "";
  };
};

const isSsh = (text: string): boolean => /^SSH-/m.test(text);
