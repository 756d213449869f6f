import type { Problem } from '../../model/problem.ts';
import type { Decoder, LogFormat, LogPlace } from '../format.ts';
import { unwrap } from './renderx/envelope.ts';
import { renderxExample } from './renderx/example.ts';
import { spanOfJson } from './renderx/json-line.ts';
import type { Message } from './renderx/message.ts';
import { messageOf } from './renderx/read-message.ts';
import { createSession } from './renderx/session.ts';
import { createIds } from './renderx/spans.ts';

const vocabulary =
  /\b(?:EventBus|ConductorCore|MusicalConductor|ExecutionQueue|SequenceRegistry|PluginManager|PluginInterfaceFacade|PerformanceTracker|SequenceExecutor|MovementExecutor|BeatExecutor|DataBaton|SequenceOrchestrator|EventLogger|StatisticsManager|EventSubscriptionManager)(?:\.ts:\d+|[.]\w+\(\))?[: ]/;
const jsonLine = /^\uFEFF?\s*\{(?=[^\n]*"timestamp"\s*:)(?=[^\n]*"handler"\s*:)(?![^\n]*"resource)/;

/** What matters stands at the start of a line; the rest is a preview of state. */
const longestLine = 8192;

/** Console logs of MusicalConductor in every envelope they are found in: executions, beats and handlers as spans. */
export const renderxConsole: LogFormat = {
  id: 'renderx-console',
  title: 'RenderX MusicalConductor console log',
  recognises: ({ text }) => vocabulary.test(text) || jsonLine.test(text),
  open: openDecoder,
  example: renderxExample,
};

function openDecoder(file: { readonly path: string; readonly key: string }): Decoder {
  const session = createSession(file);
  const ids = createIds(file.key);
  return {
    decode(line, at) {
      const { text, prefixed, timeMs } = unwrap(
        line.length > longestLine ? line.slice(0, longestLine) : line,
      );
      const message = messageOf(text);
      const json =
        message === undefined && text.startsWith('{') ? spanOfJson(line.trim(), at.line, ids) : undefined;
      if (at.torn === true && json === undefined && !isWhole(text, message)) return torn(at, file.path);
      // A frame of a stack keeps its indent.
      session.take({ number: at.line, prefixed, text: prefixed ? text : line.trimEnd(), timeMs }, message);
      const decoded = session.drain();
      return json === undefined ? decoded : { ...decoded, spans: [...decoded.spans, json] };
    },
    end() {
      session.end();
      return session.drain();
    },
  };
}

/** True for a line that cannot go on after where it was cut off. */
function isWhole(text: string, message: Message | undefined): boolean {
  const kinds: readonly (Message['k'] | undefined)[] = [
    'execution-end',
    'beat-timed',
    'beat-end',
    'movement-end',
  ];
  return text === '' || (kinds.includes(message?.k) && text.endsWith('ms'));
}

function torn(
  at: LogPlace,
  file: string,
): { readonly spans: readonly []; readonly problems: readonly Problem[] } {
  const message = 'The last line has no end yet: left for later.';
  return { spans: [], problems: [{ file, line: at.line, code: 'torn-line', message, count: 1 }] };
}
