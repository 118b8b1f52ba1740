import { type Lab, startLab } from "../lab/lab.ts";

/** Fresh hosts of a lab, and one that nobody uses. */
interface Taken {
  readonly lab: Lab;
  readonly names: readonly string[];
  readonly unused: string;
}

/** One lab for many cases costs a third of one each: hosts are taken from it until there are too few. */
const size = 16;

/** Gives out hosts that nobody had before. */
export interface HostPool {
  readonly take: (count: number) => Promise<Taken>;
  readonly stop: () => Promise<void>;
}

export function createHostPool(): HostPool {
  const labs: Promise<Lab>[] = [];
  let left = 0;
  return {
    take: async (count) => {
      // The first host of each lab stays as it is.
      if (left < count) {
        left = Math.max(size, count);
        labs.push(startLab({ hosts: left + 1 }));
      }
      const end = left;
      left -= count;
      const lab = await (labs.at(-1) as Promise<Lab>);
      return { lab, names: Array.from({ length: count }, (_, index) => `vm${end - index + 1}`), unused: "vm1" };
    },
    stop: async () => void (await Promise.all(labs.map(async (lab) => (await lab).stop()))),
  };
}
