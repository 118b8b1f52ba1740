import type { Event } from "../../src/events/event.ts";

/** What a sequence of events breaks of the laws that every run keeps; empty where it keeps them all. */
export const brokenLaws = (events: readonly Event[]): readonly string[] => {
  const broken: string[] = [];
  if (events[0]?.type !== "run.start") broken.push("run.start is not the first");
  if (events.at(-1)?.type !== "run.end") broken.push("run.end is not the last");
  const open = new Map<number, string>();
  const used = new Set<number>();
  const lost = new Set<string>();
  for (const [index, event] of events.entries()) {
    if (event.seq !== index + 1) broken.push(`seq ${event.seq} at place ${index + 1}`);
    if (event.type === "run.start" && index > 0) broken.push("run.start twice");
    if (event.type === "run.end" && index < events.length - 1) broken.push("run.end before the end");
    if (event.type === "play.start") lost.clear();
    if (event.type === "host.lost") lost.add(event.host);
    if (event.type === "step.start") {
      if (used.has(event.step)) broken.push(`step ${event.step} starts twice`);
      if (lost.has(event.host)) broken.push(`step ${event.step} starts after ${event.host} was lost`);
      used.add(event.step);
      open.set(event.step, event.host);
    } else if ("step" in event) {
      if (open.get(event.step) !== event.host) broken.push(`${event.type} of step ${event.step} outside of it`);
      if (event.type === "step.end") open.delete(event.step);
    }
  }
  for (const step of open.keys()) broken.push(`step ${step} never ends`);
  return broken;
};
