import type { Pattern } from './message.ts';

const text = (value: string | undefined): string => value ?? '';
const numberOf = (value: string | undefined): number | undefined =>
  value === undefined ? undefined : Number(value);
const msOf = (line: string): number | undefined => numberOf(/ after ([\d.]+) ?ms/.exec(line)?.[1]);
const quotedIn = (line: string): string | undefined => /"([^"]+)"/.exec(line)?.[1];

const fault =
  (name: string) =>
  ([whole]: readonly (string | undefined)[]) =>
    ({ k: 'fault', fault: name, error: text(whole) }) as const;

/** Lines of real failures; what only looks like one is told apart before them. */
export const errorPatterns: readonly Pattern[] = [
  [
    /Handler execution failed for (.+?)\.([\w$#-]+):\s*(.*)$/y,
    ([, owner, handler, error]) => ({
      k: 'handler-failed',
      owner: text(owner),
      handler: text(handler),
      error: text(error),
    }),
  ],
  [
    /Handler not found or not a function: (.+)\.([\w$#-]+)/y,
    ([whole, owner, handler]) => ({
      k: 'handler-failed',
      owner: text(owner),
      handler: text(handler),
      error: `HandlerNotFoundError: ${text(whole)}`,
    }),
  ],
  [
    /Error in subscriber \d+ for "([^"]+)":?\s*(.*)$/y,
    ([, event, error]) => ({ k: 'subscriber-failed', event: text(event), error: text(error) }),
  ],
  [
    /Async error in subscriber(?: \d+)?(?: for "([^"]+)")?:?\s*(.*)$/y,
    ([, event, error]) => ({ k: 'subscriber-failed', event, error: text(error) }),
  ],
  [
    /Beat (?:(\d+)\b)?.*? ?failed(?: at|:| after)\s*(.*)$/y,
    ([whole, beat, error]) => ({
      k: 'beat-failed',
      beat: numberOf(beat),
      ms: msOf(text(whole)),
      error: text(error),
    }),
  ],
  [
    /Movement .*?failed(?: at|:| after)\s*(.*)$/y,
    ([whole, error]) => ({ k: 'movement-failed', movement: quotedIn(text(whole)), error: text(error) }),
  ],
  [
    /Sequence (?!regist).*?failed(?: at|:| after)\s*(.*)$/y,
    ([whole, error]) => ({
      k: 'sequence-failed',
      sequence: quotedIn(text(whole)),
      ms: msOf(text(whole)),
      error: text(error),
    }),
  ],
  [/Retrying beat(?: (\d+))?/y, ([, beat]) => ({ k: 'retry', beat: numberOf(beat) })],
  [/Sequence with ID "[^"]+" not found/y, fault('sequence-not-found')],
  [/Plugin with ID "[^"]+" not found/y, fault('plugin-not-found')],
  [/Plugin not found.*/y, fault('plugin-not-found')],
  [/Failed to mount plugin.*/y, fault('mount-failed')],
  [/Failed to route.*/y, fault('route-failed')],
  [/Duplicate subscription blocked.*/y, fault('duplicate-subscription')],
  [/Blocking immediate republish of .* to prevent feedback loop/y, fault('feedback-loop')],
];
