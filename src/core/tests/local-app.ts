import type { CallFact, FileFacts } from '../code/facts.ts';
import { isVerb, memberOf } from './members.ts';
import type { Reader } from './reader.ts';
import type { SentRequest } from './requests.ts';
import { findRoute, routeTable, segmentsOf } from './routes.ts';
import { viewOf } from './scope.ts';
import {
  functionsOf,
  HOLE,
  optionsOf,
  staticScope,
  type AppValue,
  type FunctionValue,
  type Scope,
  type Value,
} from './value.ts';
import type { Handler } from '../model/handler.ts';
import { keyOf } from './walk.ts';

/** What a test mounts on an app of its own. */
interface Layer {
  readonly name: string;
  /** Undefined for `use` without a path. */
  readonly paths: readonly string[] | undefined;
  readonly targets: readonly Value[];
}

export interface LocalAppOptions {
  readonly reader: Reader;
  /** True for a file whose apps are a test's own. */
  readonly isLocal: (file: FileFacts) => boolean;
  /** A request that reaches a router of the program, with the path below its mount. */
  readonly onRouter: (router: AppValue, method: string, path: string) => boolean;
  readonly onFunction: (key: string) => void;
}

/** Sends a request through an app that a test put together; true when a route answered it. */
export function sendThrough(
  options: LocalAppOptions,
  app: AppValue,
  method: string,
  path: string,
  depth = 0,
): boolean {
  let answered = false;
  let failing = false;
  const hit = (fn: FunctionValue): void => options.onFunction(keyOf(fn));
  for (const layer of depth > 6 ? [] : layersOf(options.reader, app)) {
    if (layer.name !== 'use') {
      if (answered || !answers(layer, method, path)) continue;
      answered = true;
      const functions = layer.targets.flatMap(functionsOf);
      functions.forEach(hit);
      failing = functions.some(mayFail);
      continue;
    }
    for (const rest of remainders(layer, path)) {
      for (const target of layer.targets) {
        for (const option of optionsOf(target)) {
          if (option.t === 'app' && !answered) answered = onApp(options, option, method, rest, depth);
          for (const fn of functionsOf(option)) {
            if (takesErrors(fn) ? failing : !answered) hit(fn);
          }
        }
      }
    }
  }
  return answered;
}

function onApp(
  options: LocalAppOptions,
  app: AppValue,
  method: string,
  path: string,
  depth: number,
): boolean {
  if (options.isLocal(app.scope.file)) return sendThrough(options, app, method, path, depth + 1);
  return options.onRouter(app, method, path);
}

const takesErrors = ({ file, fn }: FunctionValue): boolean => file.functions[fn]?.params.length === 4;

/** True for a route of a test that throws or hands an error on. */
function mayFail({ file, fn }: FunctionValue): boolean {
  const next = file.functions[fn]?.params[2]?.name;
  return (viewOf(file).callsOf.get(fn) ?? []).some((index) => {
    const call = file.calls[index];
    if (call?.callee.k !== 'name') return false;
    return (
      (call.isNew && call.callee.name.endsWith('Error')) ||
      (call.callee.name === next && call.args.length > 0)
    );
  });
}

function answers(layer: Layer, method: string, path: string): boolean {
  if (layer.name !== 'all' && layer.name.toUpperCase() !== method) return false;
  return (layer.paths ?? []).some((route) => findRoute(routeTable([probe(method, route)]), method, path));
}

const nowhere = { line: 1, column: 1 };

/** A handler that only has a route, to match a path against. */
const probe = (method: string, route: string): Handler => ({
  id: '', function: '', kind: 'route', framework: '', method, route, file: '', symbol: '', start: nowhere, end: nowhere,
  registration: { file: '', start: nowhere }, resolved: false, plugin: '', package: '', syntaxHash: '',
}); // prettier-ignore

/** What is left of a path below each mount of a layer that takes it. */
function remainders(layer: Layer, path: string): readonly string[] {
  if (layer.paths === undefined) return [path];
  const parts = segmentsOf(path);
  return layer.paths.flatMap((mount) => {
    const wanted = segmentsOf(mount);
    const fits = wanted.every(
      (part, i) => part.startsWith(':') || part.toLowerCase() === parts[i]?.toLowerCase(),
    );
    return fits && parts.length >= wanted.length ? [`/${parts.slice(wanted.length).join('/')}`] : [];
  });
}

/** Everything mounted on an app, in source order: calls on the name that it has in its file, and chains. */
function layersOf(r: Reader, app: AppValue): readonly Layer[] {
  const { file } = app.scope;
  // Calls of one chain begin at the same place; the called name tells their order.
  const inOrder = [...file.calls].sort(
    (a, b) => a.nameAt.line - b.nameAt.line || a.nameAt.column - b.nameAt.column,
  );
  return inOrder.flatMap((call) => {
    const { callee } = call;
    if (callee.k !== 'member' || call.isNew || call.args.length === 0) return [];
    if (callee.name !== 'use' && callee.name !== 'all' && !isVerb(callee.name)) return [];
    const scope = call.fn === app.scope.fn ? app.scope : staticScope(file, call.fn);
    const on = optionsOf(r.evaluate(scope, callee.object));
    return on.some((option) => option.t === 'app' && option.made === app.made)
      ? [layerOf(r, call, callee.name, scope)]
      : [];
  });
}

function layerOf(r: Reader, call: CallFact, name: string, scope: Scope): Layer {
  const values = call.args.map((arg) => r.evaluate(scope, arg));
  const [first, ...rest] = values;
  const texts = (first === undefined ? [] : first.t === 'array' ? first.items : optionsOf(first)).flatMap(
    (option) => (option.t === 'text' ? [option.value.replaceAll(HOLE, ':unknown')] : []),
  );
  return texts.length > 0
    ? { name, paths: texts, targets: rest }
    : { name, paths: undefined, targets: values };
}

/** Paths of a request that are known from their start. */
export const knownPaths = ({ paths }: SentRequest): readonly string[] =>
  paths.filter((path) => path.startsWith('/'));

/** The app behind what a client was made of: an object's `app` is not it, a server made of it is. */
export function appOf(r: Reader, value: Value): AppValue | undefined {
  for (const option of optionsOf(value)) {
    if (option.t === 'app') return option;
    if (option.t !== 'instance') continue;
    // `request(server)` where server is a class that holds its app.
    const held = memberOf(r, option, 'app');
    if (held.t === 'app') return held;
  }
  return undefined;
}
