import { errorPatterns } from './error-patterns.ts';
import type { Changes, Message, Pattern } from './message.ts';

const text = (value: string | undefined): string => value ?? '';

const patterns: readonly Pattern[] = [
  [
    /PluginInterfaceFacade\.play\(\): (\S+) -> (\S+)/y,
    ([, p, s]) => ({ k: 'play', plugin: text(p), sequenceId: text(s) }),
  ],
  [/Now executing "([^"]+)"/y, ([, s]) => ({ k: 'execution-start', sequence: text(s) })],
  [
    /Sequence "([^"]+)" completed in ([\d.]+)ms/y,
    ([, s, ms]) => ({ k: 'execution-end', sequence: text(s), ms: Number(ms) }),
  ],
  [
    /Sequence "([^"]+)" \(id: ([^)]+)\) queued/y,
    ([, s, id]) => ({ k: 'queued', sequence: text(s), sequenceId: text(id) }),
  ],
  [
    /Starting movement "([^"]+)" with (\d+) beats/y,
    ([, m, n]) => ({ k: 'movement-start', movement: text(m), beats: Number(n) }),
  ],
  [
    /Started timing movement (.+?) for (.+)$/y,
    ([, m, s]) => ({ k: 'movement-timed', movement: text(m), sequence: text(s) }),
  ],
  [/Movement completed in/y, () => ({ k: 'healthy' })],
  [
    /Movement (.+) completed in ([\d.]+)ms/y,
    ([, m, ms]) => ({ k: 'movement-end', movement: text(m), ms: Number(ms) }),
  ],
  [/Request ID: (\S+)/y, ([, id]) => ({ k: 'request', id: text(id) })],
  [
    /Started timing beat (\d+) for (.+)$/y,
    ([, n, s]) => ({ k: 'beat-start', beat: Number(n), sequence: text(s) }),
  ],
  [/Event: (\S+)$/y, ([, event]) => ({ k: 'beat-event', event: text(event) })],
  [
    /Beat (\d+) completed in ([\d.]+)ms/y,
    ([, n, ms]) => ({ k: 'beat-timed', beat: Number(n), ms: Number(ms) }),
  ],
  [
    /Beat (\d+) \(([^)]+)\) completed in ([\d.]+)ms/y,
    ([, n, e, ms]) => ({ k: 'beat-end', beat: Number(n), event: text(e), ms: Number(ms) }),
  ],
  [
    /DataBaton: (.+?) \| seq=(.+?) beat=(\d+|\?) event=(\S+) handler=(\S+)(?: plugin=(\S+) req=(\S+))?/y,
    ([, changes, sequence, beat, event, handler, plugin, request]) =>
      handler === '?'
        ? { k: 'executor-baton', sequence: text(sequence), beat: Number(beat), event: text(event) }
        : {
            k: 'handler-baton',
            sequence: text(sequence),
            event: text(event),
            handler: text(handler),
            ...(plugin === undefined ? {} : { plugin }),
            ...(request === undefined ? {} : { request }),
            changes: changesOf(text(changes)),
          },
  ],
  [
    /Registered sequence "([^"]+)" \(id: ([^)]+)\)/y,
    ([, s, id]) => ({ k: 'registered', sequence: text(s), sequenceId: text(id) }),
  ],
  [/Plugin mounted successfully: (\S+)/y, ([, plugin]) => ({ k: 'mounted', plugin: text(plugin) })],
  [/Subscribed to "([^"]+)" \((\d+) total subscribers\)(?: \(plugin: ([^)]+)\))?/y, subscribed],
  [
    /Subscriber (\d+) (sync|total) execution took ([\d.]+)ms/y,
    ([, n, phase, ms]) => ({
      k: 'subscriber-timed',
      subscriber: Number(n),
      phase: text(phase),
      ms: Number(ms),
    }),
  ],
  [
    /Waiting (\d+)ms for beat timing \(([^)]+)\)/y,
    ([, ms, timing]) => ({ k: 'waiting', ms: Number(ms), timing: text(timing) }),
  ],
  [/Found (\d+) subscriber/y, ([, n]) => ({ k: 'subscribers', count: Number(n) })],
  // Printed on success by old builds.
  [/Cleaned up failed movement/y, () => ({ k: 'healthy' })],
  [/.*initialized: FAILED$/y, () => ({ k: 'healthy' })],
  [/.*, 0 failed\b/y, () => ({ k: 'healthy' })],
  ...errorPatterns,
];

/** By the first word that a pattern needs; one that needs none is tried for every word that has no other. */
const byWord = new Map<string, Pattern[]>();
for (const pattern of patterns) {
  const [first = ''] = /^[A-Za-z]*/.exec(pattern[0].source) ?? [];
  const words = first === '' ? ['Musical', 'Sequence'] : [first];
  for (const word of words) byWord.set(word, [...(byWord.get(word) ?? []), pattern]);
}

const firstWord = /[A-Za-z]+/y;
const component = /[\w.$]+(?:\(\))?:\s*[^A-Za-z\d{]*/y;

/** What a text without envelope says; undefined for everything that is not the conductor's. */
export function messageOf(line: string): Message | undefined {
  // The name of the component, before it perhaps that of a logger.
  for (let at = 0, part = 0; part < 4; part += 1) {
    firstWord.lastIndex = at;
    const [word = ''] = firstWord.exec(line) ?? [];
    for (const [pattern, read] of byWord.get(word) ?? []) {
      pattern.lastIndex = at;
      const match = pattern.exec(line);
      if (match) return read(match);
    }
    component.lastIndex = at;
    if (!component.test(line)) return undefined;
    at = component.lastIndex;
  }
  return undefined;
}

function subscribed([, event, total, by]: readonly (string | undefined)[]): Message {
  const [plugin, sequenceId, cleanup] = by?.split(':') ?? [];
  return {
    k: 'subscribed',
    event: text(event),
    total: Number(total),
    ...(plugin === undefined ? {} : { plugin }),
    ...(sequenceId === undefined ? {} : { sequenceId }),
    cleanup: cleanup === 'cleanup',
  };
}

const maxKeys = 50;
const key = /^[\w$.-]{1,80}$/;

function changesOf(list: string): Changes {
  const keysAfter = (sign: string): readonly string[] =>
    list
      .split(' ')
      .filter((part) => part.startsWith(sign))
      .flatMap((part) => part.slice(1).split(','))
      .filter((name) => key.test(name))
      .slice(0, maxKeys);
  return { added: keysAfter('+'), updated: keysAfter('~'), removed: keysAfter('-') };
}
