import type { Expr, FileFacts, FunctionFact, Step } from '../code/facts.ts';
import type { Handler } from '../model/handler.ts';

/** Methods of a response that answer nothing by themselves; `__` and `__n` are i18n's. */
const PREPARES = new Set([
  'append', 'clearCookie', 'cookie', 'get', 'getHeader', 'header', 'links', 'location', 'on', 'once', 'removeHeader', 'set',
  'setHeader', 'status', 'type', 'vary', '__', '__n',
]); // prettier-ignore

const known = new WeakMap<FunctionFact, { readonly kind: Handler['passesOn'] }>();

/**
 * Whether a function `(request, response, next)` is a guard: it calls `next()`, and what it answers itself are refusals (a
 * status of 4xx or 5xx). One that may answer otherwise, hands its response on or leaves a result in it, is none.
 */
export function passesOn(file: FileFacts, index: number): Handler['passesOn'] {
  const fact = file.functions[index];
  if (fact === undefined) return undefined;
  const found = known.get(fact) ?? { kind: guardKind(file, index, fact) };
  known.set(fact, found);
  return found.kind;
}

function guardKind(file: FileFacts, index: number, { params }: FunctionFact): Handler['passesOn'] {
  const [, response, next] = params;
  if (response === undefined || response.name === '' || next === undefined || next.name === '')
    return undefined;
  let passes = false;
  let refuses = false;
  for (const { fn, callee, args } of file.calls) {
    if (!isWithin(file.functions, fn, index)) continue;
    if (args.some((arg) => arg.k === 'name' && arg.name === response.name)) return undefined;
    if (callee.k === 'name') passes ||= callee.name === next.name && args.length === 0;
    if (callee.k !== 'member' || PREPARES.has(callee.name)) continue;
    const chain = chainOf(file, callee.object);
    if (chain.root !== response.name) continue;
    if (!chain.refused && !isRefusal(callee.name, args)) return undefined;
    refuses = true;
  }
  if (!passes) return undefined;
  if (refuses) return 'or-refuses';
  const bodies = file.functions.filter((_, fn) => isWithin(file.functions, fn, index));
  return bodies.some(({ body }) => body.some((step) => fills(file, step, response.name)))
    ? undefined
    : 'always';
}

/** The name that a chain of members and calls starts with, and whether it sets a status of refusal. */
function chainOf(
  file: FileFacts,
  chain: Expr,
): { readonly root: string | undefined; readonly refused: boolean } {
  let refused = false;
  for (let at = chain; ;) {
    if (at.k === 'name') return { root: at.name, refused };
    if (at.k === 'member') at = at.object;
    else {
      const call = at.k === 'call' ? file.calls[at.call] : undefined;
      if (call?.callee.k !== 'member') return { root: undefined, refused };
      refused ||= isRefusal(call.callee.name, call.args);
      at = call.callee.object;
    }
  }
}

/** A statement such as `res.locals.user = user`: what a later middleware answers with. */
function fills(file: FileFacts, step: Step, response: string): boolean {
  if (step.k === 'each') return step.body.some((inner) => fills(file, inner, response));
  const { value } = step;
  return value.k === 'assign' && value.target.k !== 'name' && chainOf(file, value.target).root === response;
}

const isRefusal = (method: string, [status]: readonly Expr[]): boolean =>
  (method === 'status' || method === 'sendStatus') && status?.k === 'number' && status.value >= 400;

function isWithin(functions: readonly FunctionFact[], fn: number, outer: number): boolean {
  for (let at = fn; at !== -1; at = functions[at]?.parent ?? -1) if (at === outer) return true;
  return false;
}
