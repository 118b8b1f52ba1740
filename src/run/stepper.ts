import type { Task } from "../playbook/playbook.ts";
import { Template } from "../vars/value.ts";
import type { Position } from "./gate.ts";
import type { RunServices } from "./run-services.ts";

/** Asks before each task of a play whether it is to run (`--step`), once for all hosts that stand at it. */
export class Stepper {
  readonly #services: Pick<RunServices, "io" | "signal">;
  readonly #answers = new Map<string, Promise<boolean>>();
  #asks = true;

  constructor(services: Pick<RunServices, "io" | "signal">) {
    this.#services = services;
  }

  /** Whether a task is to run on the hosts at its position. */
  allows(task: Task, position: Position): Promise<boolean> {
    const key = position.join(".");
    const answer = this.#answers.get(key) ?? this.#ask(task);
    this.#answers.set(key, answer);
    return answer;
  }

  async #ask(task: Task): Promise<boolean> {
    if (!this.#asks) return true;
    const { io, signal } = this.#services;
    const answer = await io.prompt(`Perform task: TASK: ${labelOf(task)} (N)o/(y)es/(c)ontinue: `, true, signal);
    const word = answer.ok ? answer.value.trim().toLowerCase() : "";
    if (word === "c" || word === "continue") this.#asks = false;
    return !this.#asks || word === "y" || word === "yes";
  }
}

const labelOf = ({ own, action, role }: Task): string => {
  const { name } = own;
  const label = name instanceof Template ? name.source : typeof name === "string" ? name : action;
  return role === undefined ? label : `${role.name} : ${label}`;
};
