import { connect } from "node:net";

/** What says hello at a port, as far as `SSH-2.0-`; "nothing" where nobody answers within 2 s. */
export const bannerOf = (host: string, port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (text: string): void => {
      socket.destroy();
      resolve(text);
    };
    socket.once("data", (bytes) => end(bytes.toString().slice(0, 8)));
    socket.once("error", () => end("nothing"));
    socket.once("timeout", () => end("nothing"));
  });
