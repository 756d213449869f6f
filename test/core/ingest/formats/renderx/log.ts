import { renderxConsole } from '../../../../../src/core/ingest/formats/renderx-console.ts';
import type { Problem } from '../../../../../src/core/model/problem.ts';
import type { Span } from '../../../../../src/core/model/span.ts';

export interface Read {
  readonly spans: readonly Span[];
  readonly problems: readonly Problem[];
  readonly executions: readonly Span[];
  readonly beats: readonly Span[];
  readonly handlers: readonly Span[];
}

/** A whole log through a fresh decoder. */
export function readLog(lines: readonly string[], path = 'x.log'): Read {
  const decoder = renderxConsole.open({ path, key: 'key' });
  const parts = [...lines.map((line, index) => decoder.decode(line, { line: index + 1 })), decoder.end()];
  const spans = parts.flatMap((part) => part.spans);
  const internal = spans.filter((span) => span.kind === 'internal');
  return {
    spans,
    problems: parts.flatMap((part) => part.problems),
    executions: internal.filter((span) => span.parentSpanId === undefined),
    beats: internal.filter((span) => span.parentSpanId !== undefined),
    handlers: spans.filter((span) => span.kind === 'consumer'),
  };
}

/** A line of the browser's console at a time in milliseconds. */
export type Writer = (ms: number, text: string) => string;

const stamp = (ms: number): string => new Date(Date.UTC(2026, 2, 1, 9) + ms).toISOString();

/** Every envelope that a line can come in, by what it looks like. */
export const envelopes: Readonly<Record<string, Writer>> = {
  bare: (ms, text) => `${stamp(ms)} ${text}`,
  console: (ms, text) => `EventBus.ts:56 ${stamp(ms)} ${text}`,
  captured: (ms, text) => `[${stamp(ms + 2)}] LOG ${stamp(ms)} ${text}`,
  doubled: (ms, text) => `[${stamp(ms + 2)}] ${stamp(ms)} ${text}`,
  styled: (ms, text) => `${stamp(ms)} %c${text} color: #28A745; font-weight: bold;`,
  serilog: (ms, text) =>
    `[${stamp(ms - 5 * 3_600_000)
      .slice(0, -1)
      .replace('T', ' ')} -05:00] [INF] Desktop.Console: ${text}`,
  dotnet: (ms, text) => `info: Desktop.Console[0]\n      ${stamp(ms)} ${text}`,
};

export const untimed: Readonly<Record<string, Writer>> = {
  level: (_, text) => `[LOG] ${text}`,
  place: (_, text) => `PerformanceTracker.ts:95 ${text}`,
  nothing: (_, text) => text,
};

/** A play of `Desk Open`: two beats of 20 ms, whose handlers report after 10 and, long after the end, after 900 ms. */
export function deskOpen(
  write: Writer,
  from = 0,
  request = 'desk-open-1772355600000-aaa111',
): readonly string[] {
  const at = (ms: number, text: string): string => write(from + ms, text);
  const baton = (event: string, handler: string): string =>
    `🎽 DataBaton: +${handler}Done | seq=Desk Open beat=? event=${event} handler=${handler} plugin=DeskPlugin req=${request} preview={"mail":"someone@example.org"}`;
  return [
    at(0, '🎼 PluginInterfaceFacade.play(): DeskPlugin -> desk-open'),
    at(0, '🎼 ExecutionQueue: Now executing "Desk Open"'),
    at(1, `🆔 Request ID: ${request}`),
    at(2, '⏱️ PerformanceTracker: Started timing beat 1 for Desk Open'),
    at(3, '🎯 Event: desk:open'),
    at(13, baton('desk:open', 'openDesk')),
    at(22, '⏱️ PerformanceTracker: Beat 1 completed in 20.00ms'),
    at(22, '✅ BeatExecutor: Beat 1 (desk:open) completed in 20ms'),
    at(23, '⏱️ PerformanceTracker: Started timing beat 2 for Desk Open'),
    at(23, '🎯 Event: desk:tell'),
    at(43, '⏱️ PerformanceTracker: Beat 2 completed in 20.00ms'),
    at(43, '✅ BeatExecutor: Beat 2 (desk:tell) completed in 20ms'),
    at(45, '✅ SequenceExecutor: Sequence "Desk Open" completed in 45ms'),
    at(923, baton('desk:tell', 'tellAll')),
  ].flatMap((line) => line.split('\n'));
}
