import type { HandlerModel } from '../core/model/read-model.ts';
import type { EngineClient } from './engine-client.ts';

/** Names a handler in the arguments of a command. */
export interface HandlerReference {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly id: string;
}

const hasText = (value: object, key: string): boolean => typeof Reflect.get(value, key) === 'string';

/** The folder named in an argument of a command, which may come from anywhere. */
export function parseRoot(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !hasText(argument, 'root')) return undefined;
  return (argument as HandlerReference).root;
}

/** The handler named in an argument of a command, which may come from anywhere. */
export function parseReference(argument: unknown): HandlerReference | undefined {
  const root = parseRoot(argument);
  if (root === undefined || !hasText(argument as object, 'id')) return undefined;
  return { root, id: (argument as HandlerReference).id };
}

/** The model of a named handler, from memory. */
export function findHandler(client: EngineClient, { root, id }: HandlerReference): HandlerModel | undefined {
  // The id starts with the path of the file that defines it.
  const path = id.slice(0, Math.max(0, id.indexOf('#')));
  const direct = client.model(root, path)?.handlers.find((model) => model.handler.id === id);
  if (direct !== undefined) return direct;
  for (const file of client.models(root)) {
    const found = file.handlers.find((model) => model.handler.id === id);
    if (found !== undefined) return found;
  }
  return undefined;
}
