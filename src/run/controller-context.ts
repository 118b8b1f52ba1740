import { dirname } from "node:path";
import type { ConnectionSettings } from "../inventory/connection.ts";
import { addHost, addToGroup } from "../inventory/mutate.ts";
import type { ControllerContext } from "../modules/module.ts";
import { err, ok } from "../util/result.ts";
import { evaluate, evaluateCondition, type TemplateContext } from "../vars/template.ts";
import { Expression, type PlainMap } from "../vars/value.ts";
import { HostState } from "./host-state.ts";
import { readGrant } from "./grant-tasks.ts";
import type { StepScope } from "./step-scope.ts";
import { searchFolders } from "../playbook/search-folders.ts";
import { renderTemplate } from "./render-template.ts";
import { templateFailure } from "./step-failure.ts";

/** What a module may ask of the run while it works for one host. */
export const createControllerContext = (parts: {
  readonly scope: StepScope;
  readonly context: TemplateContext;
  readonly settings: ConnectionSettings;
  readonly check: boolean;
  readonly diff: boolean;
  /** The variables of the loop's item. */
  readonly item: PlainMap;
}): ControllerContext => {
  const { scope, context, settings } = parts;
  const { services, host, task } = scope;
  const { io, signal, variables } = services;
  const playbookDir = dirname(scope.play.planned.playbook.path);
  const folders = searchFolders(task, scope.play.planned.playbook.path);
  return {
    check: parts.check,
    diff: parts.diff,
    verbosity: services.options.verbosity,
    signal,
    readFile: (path, kind, decrypt) => io.readFile(folders, path, kind, decrypt),
    readFolder: (path, kind, decrypt) => io.readFolder(folders, path, kind, decrypt),
    hostFiles: {
      host,
      absolute: (path) => io.absolute(playbookDir, path),
      read: (path) => io.readSaved(playbookDir, path),
      write: (path, content) => io.saveFile(playbookDir, path, content),
    },
    listFiles: (path) => io.listFiles(folders, path),
    readVars: (path) => io.readVars(folders, path),
    renderTemplate: (file, options) => renderTemplate(file, options, context),
    evaluate: (source) => {
      const result = evaluateCondition(new Expression(source, task.span), context);
      return result.ok ? result : err(templateFailure(result.error));
    },
    lookup: (source) => {
      const result = evaluate(new Expression(source, task.span), context);
      if (result.ok) return result;
      return result.error.isUndefined === true ? ok(undefined) : err(templateFailure(result.error));
    },
    include: async (args) => {
      const included = await task.include?.read(args as PlainMap);
      if (included?.ok === true) scope.brought?.push({ included: included.value, item: parts.item });
      return included === undefined || included.ok ? ok(undefined) : included;
    },
    wait: (ms) => io.wait(ms, signal),
    prompt: (text, echo) => io.prompt(text, echo, signal),
    addHost: (name, groups, vars) => {
      const before = variables.inventory;
      variables.inventory = addHost(before, name, groups, vars);
      if (!services.states.has(name)) services.states.set(name, new HostState(name));
      return variables.inventory !== before;
    },
    groupBy: (key, parents) => {
      const before = variables.inventory;
      variables.inventory = addToGroup(before, host, key, parents);
      return variables.inventory !== before;
    },
    tryConnection: async (timeoutMs) => {
      await services.connections.reset(settings);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const session = await services.connections.session(settings, limit);
      return session.ok ? ok(undefined) : err(session.error.message);
    },
    cloud: async (options) => {
      const grant = readGrant(context, new Date(io.clock()));
      if (grant === undefined) return services.cloud(options, { host });
      if (!grant.ok) return err({ kind: "module", message: grant.error.message });
      return services.cloud(options, { host, grant: grant.value.grant });
    },
    tryLogin: (login) => services.connections.tryLogin(settings, login, signal),
  };
};
