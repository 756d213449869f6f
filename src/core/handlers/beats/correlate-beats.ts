import type { Correlation } from '../../model/correlation.ts';
import type { Handler } from '../../model/handler.ts';
import type { Operation } from '../../model/operation.ts';
import type { Sequence } from '../../model/sequence.ts';

/** A beat by the names that telemetry can give it. */
interface Named {
  readonly handler: Handler;
  /** Plugin, package, and id and name of the sequence: logs use each of them for the owner. */
  readonly owners: ReadonlySet<string>;
  readonly event: string | undefined;
  readonly name: string;
}

/** Span names of conductors: `plugin:event#handler`, `?` for what a log did not tell. */
const operationName = /^([^:]*):([^#]*)#(.+)$/s;

/**
 * Links `plugin:event#handler` to the beat with all three; a part that is not told, or an owner that no beat knows, is left
 * out, and then only one function may fit. Undefined for the name of anything else.
 */
export function beatCorrelator(
  handlers: readonly Handler[],
  sequences: readonly Sequence[],
): (operation: Operation) => Correlation | undefined {
  const byId = new Map(handlers.map((handler) => [handler.id, handler]));
  const byName = new Map<string, Named[]>();
  const names = new Set<string>();
  for (const { id, name, pluginId, handlersPath, movements } of sequences) {
    names.add(name).add(id);
    for (const beat of movements.flatMap(({ beats }) => beats)) {
      const handler = byId.get(beat.handlerId ?? '');
      if (handler === undefined || beat.handler === undefined) continue;
      const owners = [pluginId, handlersPath, handler.package, handler.plugin, id, name];
      const named: Named = {
        handler,
        owners: new Set(owners.filter((owner) => owner !== undefined && owner !== '')) as ReadonlySet<string>,
        event: beat.event,
        name: beat.handler,
      };
      const same = byName.get(beat.handler);
      if (same === undefined) byName.set(beat.handler, [named]);
      else same.push(named);
    }
  }
  return ({ kind, name }) => {
    if (kind === 'internal' && names.has(name))
      return unmapped(
        'unsupported-kind',
        `${quoted(name)} is a sequence: its handlers are measured by themselves.`,
      );
    const [, owner = '', event = '', handler = ''] = (kind === 'messaging' && operationName.exec(name)) || [];
    const all = byName.get(handler);
    if (handler === '' || all === undefined)
      return handler === '' || byName.size === 0
        ? undefined
        : unmapped(
            'not-in-workspace',
            `No beat of a sequence in the workspace names the handler ${quoted(handler)}.`,
          );
    const raised = event === '?' ? all : all.filter((beat) => beat.event === event);
    const owned = raised.filter((beat) => beat.owners.has(owner));
    const candidates = owned.length > 0 ? owned : raised;
    const [first] = candidates;
    if (first === undefined)
      return unmapped(
        'not-in-workspace',
        `No beat raises ${quoted(event)} for the handler ${quoted(handler)}.`,
      );
    const functions = new Set(candidates.map((beat) => beat.handler.function));
    return functions.size === 1
      ? { handlerId: first.handler.id, rung: 2 }
      : unmapped(
          'ambiguous',
          `${quoted(name)} fits ${functions.size} functions (${[...functions].slice(0, 3).join(', ')}); its log tells no plugin that decides.`,
        );
  };
}

const unmapped = (
  reason: 'ambiguous' | 'not-in-workspace' | 'unsupported-kind',
  detail: string,
): Correlation => ({
  handlerId: null,
  reason,
  detail,
});

/** Telemetry is untrusted: shortened and on one line. */
const quoted = (text: string): string => `"${text.replaceAll(/\s+/g, ' ').slice(0, 120)}"`;
