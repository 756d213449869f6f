import type { Moment } from './clock.ts';
import type { HandlerBaton, Subscribed } from './message.ts';

/** A sequence being played. */
export interface Execution {
  readonly traceId: string;
  readonly rootId: string;
  readonly sequence: string;
  readonly startedAt: Moment;
  requestId: string | undefined;
  movement: string | undefined;
  /** Number of the beat begun last in the present movement. */
  lastBeat: number;
}

/** What a log has told of sequences, plugins and subscriptions so far. */
export interface Names {
  readonly sequence: (name: string, id: string) => void;
  readonly play: (plugin: string, sequenceId: string) => void;
  readonly subscribed: (subscription: Subscribed) => void;
  readonly baton: (baton: HandlerBaton) => void;
  readonly sequenceId: (execution: Execution) => string | undefined;
  /** The plugin that plays a sequence. */
  readonly pluginOf: (execution: Execution) => string | undefined;
  readonly pluginsOf: (event: string) => readonly string[];
  /** The plugin whose handler reported. */
  readonly pluginOfBaton: (baton: HandlerBaton, execution: Execution | undefined) => string | undefined;
  readonly pluginOfEvent: (event: string | undefined, execution: Execution | undefined) => string | undefined;
  /** The event on which a handler reported before. */
  readonly eventOf: (owner: string, handler: string) => string | undefined;
  /** How many handlers report for an event: its subscriptions by plugins, one where no subscription was seen. */
  readonly handlersOf: (event: string) => number;
  /** All subscribers, as the conductor counted them last. */
  readonly subscribersOf: (event: string) => number | undefined;
}

/** Names beyond this are of no program. */
const maxNames = 20_000;

export function createNames(): Names {
  const idOf = new Map<string, string>();
  const playedBy = new Map<string, string>();
  const subscriptions = new Map<string, Map<string, string>>();
  const totals = new Map<string, number>();
  const reported = new Map<string, string>();
  const put = <V>(map: Map<string, V>, key: string, value: V): void => {
    if (map.size < maxNames || map.has(key)) map.set(key, value);
  };
  const sequenceId = ({ sequence, requestId }: Execution): string | undefined =>
    (requestId === undefined ? undefined : /^(.+)-\d{10,16}-\w+$/.exec(requestId)?.[1]) ?? idOf.get(sequence);
  const pluginOf = (execution: Execution): string | undefined => {
    const id = sequenceId(execution);
    return id === undefined ? undefined : playedBy.get(id);
  };
  const pluginOfEvent = (event: string | undefined, execution: Execution | undefined): string | undefined => {
    const subscribed = event === undefined ? undefined : subscriptions.get(event);
    const id = execution && sequenceId(execution);
    const [only, ...others] = new Set(subscribed?.values());
    return (
      (id === undefined ? undefined : subscribed?.get(id)) ??
      (others.length === 0 ? only : undefined) ??
      (execution && pluginOf(execution))
    );
  };

  return {
    sequence: (name, id) => put(idOf, name, id),
    play: (plugin, id) => put(playedBy, id, plugin),
    subscribed({ event, total, plugin, sequenceId: id, cleanup }) {
      put(totals, event, total);
      if (plugin === undefined || id === undefined || cleanup) return;
      const known = subscriptions.get(event) ?? new Map<string, string>();
      known.set(id, plugin);
      put(subscriptions, event, known);
    },
    baton({ plugin, event, handler }) {
      if (plugin === undefined) return;
      put(reported, `${event}\n${handler}`, plugin);
      put(reported, `${plugin}\n${handler}`, event);
    },
    sequenceId,
    pluginOf,
    pluginsOf: (event) => [...(subscriptions.get(event)?.values() ?? [])],
    pluginOfBaton({ plugin, event, handler, sequence }, execution) {
      if (plugin !== undefined) return plugin;
      const id = idOf.get(sequence);
      const declared = id === undefined ? undefined : subscriptions.get(event)?.get(id);
      return declared ?? reported.get(`${event}\n${handler}`) ?? pluginOfEvent(event, execution);
    },
    pluginOfEvent,
    eventOf: (owner, handler) => reported.get(`${owner}\n${handler}`),
    handlersOf: (event) => subscriptions.get(event)?.size ?? 1,
    subscribersOf: (event) => totals.get(event),
  };
}
