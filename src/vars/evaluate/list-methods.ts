import { equal } from "../python/compare.ts";
import { text } from "../python/text.ts";
import { Fault } from "./fault.ts";
import type { Live } from "./live.ts";
import type { Method } from "./methods.ts";

/** The methods of a list that change nothing. */
export const listMethods: Readonly<Record<string, Method<readonly Live[]>>> = {
  index: {
    parameters: ["value"],
    run: (list, args, evaluation) => {
      const value = args.required("value");
      const index = evaluation.items(list).findIndex((item) => equal(item, value));
      if (index === -1) throw new Fault(`${text(value)} is not in list`);
      return index;
    },
  },
  count: {
    parameters: ["value"],
    run: (list, args, evaluation) => {
      const value = args.required("value");
      return evaluation.items(list).filter((item) => equal(item, value)).length;
    },
  },
};
