import type { PlainMap } from "../../vars/value.ts";
import type { CloudFailure } from "./client.ts";
import type { OpenStackConfig } from "./config.ts";
import type { HttpResponse } from "./http.ts";
import { mapOf, textOf } from "./json.ts";

/** The JSON object of an answer; undefined where there is none. */
export const readBody = ({ body }: HttpResponse): PlainMap | undefined => {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    // JSON has nothing but plain data.
    return value as PlainMap;
  } catch {
    return undefined;
  }
};

/** What an answer says that is no success: each service has its own form for it. */
export const explain = (answer: HttpResponse, of: string, config: OpenStackConfig): CloudFailure => {
  const { status } = answer;
  const { type, message } = toldBy(answer);
  const failure = {
    kind: "module" as const,
    status,
    ...(type === undefined ? {} : { type }),
    // A gateway's 5xx says nothing about what stands behind it.
    ...(status >= 500 ? { unsure: true as const } : {}),
  };
  const said = message === undefined ? `status ${status}` : message.replace(/[.\s]+$/, "");
  switch (status) {
    case 401:
      return { ...failure, message: `${of} does not accept the token of ${config.login.described}: ${said}` };
    case 403:
      return {
        ...failure,
        message: `${of} does not allow ${config.login.described} to do this: ${said}`,
        hint: "The role member of the project is needed; reader only looks.",
      };
    case 429:
      return { ...failure, message: `${of} takes no more requests for now: ${said}` };
    default:
      return { ...failure, message: `${of} refused: ${said}${status >= 500 ? ` (status ${status})` : ""}` };
  }
};

interface Told {
  readonly type?: string;
  readonly message?: string;
}

/** `{"NeutronError": {"type", "message"}}`, `{"badRequest": {"message"}}` (Nova), `{"error": {"message"}}` (Keystone). */
const toldBy = (answer: HttpResponse): Told => {
  const error = Object.values(readBody(answer) ?? {})[0];
  const [type, message] = [textOf(mapOf(error)["type"]), textOf(mapOf(error)["message"]) ?? textOf(error)];
  return { ...(type === undefined ? {} : { type }), ...(message === undefined ? {} : { message }) };
};
