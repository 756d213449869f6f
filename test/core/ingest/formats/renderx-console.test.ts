import assert from 'node:assert/strict';
import { headOf } from '../../../../src/core/ingest/format.ts';
import { renderxConsole } from '../../../../src/core/ingest/formats/renderx-console.ts';
import type { Span } from '../../../../src/core/model/span.ts';
import { deskOpen, envelopes, readLog, untimed } from './renderx/log.ts';

const write = envelopes['console'] ?? ((_: number, text: string) => text);
const figures = (spans: readonly Span[]): readonly string[] =>
  spans.map((span) => `${span.name} ${span.durationMs}`);
const subscribe = (event: string, total: number, by: string): string =>
  write(0, `📡 EventBus: Subscribed to "${event}" (${total} total subscribers) (plugin: ${by})`);
const errorsOf = (spans: readonly Span[]): readonly string[] =>
  spans.filter((span) => span.status === 'error').map((span) => span.name);

describe('renderx-console', () => {
  for (const [name, writer] of Object.entries(envelopes)) {
    it(`reads lines in the envelope "${name}"`, () => {
      const { executions, beats, handlers, problems } = readLog(deskOpen(writer));
      assert.deepEqual(problems, []);
      assert.deepEqual(figures(executions), ['Desk Open 45']);
      assert.deepEqual(figures(beats), ['desk:open 20', 'desk:tell 20']);
      assert.deepEqual(figures(handlers), [
        'DeskPlugin:desk:open#openDesk 10',
        'DeskPlugin:desk:tell#tellAll 900',
      ]);
      assert.equal(executions[0]?.startMs, Date.UTC(2026, 2, 1, 9));
      assert.equal(handlers[1]?.attributes['renderx.late'], true);
      assert.equal(handlers[0]?.parentSpanId, beats[0]?.spanId);
    });
  }

  it('reads every line in another envelope than the one before, with a BOM, CRLF and garbled pictures', () => {
    const writers = Object.values(envelopes);
    const mixed = Array.from({ length: 14 }, (_, index) => {
      const writer = writers[index % writers.length] ?? write;
      return (
        deskOpen((ms, text) => writer(ms, `Ã°Å¸Å½Â¼ ${text.replace(/^[^A-Z]*/, '')}`).replace('\n', '\v'))[
          index
        ] ?? ''
      );
    }).flatMap((line) => line.split('\v'));
    const { executions, beats, handlers } = readLog(
      mixed.map((line, index) => `${index === 0 ? '\ufeff' : ''}${line}\r`),
    );
    assert.deepEqual([executions.length, beats.length, handlers.length], [1, 2, 2]);
    assert.deepEqual(figures(handlers), [
      'DeskPlugin:desk:open#openDesk 10',
      'DeskPlugin:desk:tell#tellAll 900',
    ]);
  });

  for (const [name, writer] of Object.entries(untimed)) {
    it(`keeps order and durations of a log without time ("${name}"), in one window, and says that its times are made up`, () => {
      const second = deskOpen(writer, 0, 'desk-open-1772359999999-bbb222');
      const { executions, beats, handlers, spans } = readLog(
        [...deskOpen(writer), ...second],
        'localhost-1772355599000.log',
      );
      assert.deepEqual(figures(executions), ['Desk Open 45', 'Desk Open 45']);
      assert.deepEqual(figures(beats), ['desk:open 20', 'desk:tell 20', 'desk:open 20', 'desk:tell 20']);
      // Reported within the beat: at most the beat's own time.
      assert.equal(handlers[0]?.durationMs, 20);
      const windows = new Set(spans.map((span) => Math.floor(span.startMs / 300_000)));
      assert.deepEqual([...windows], [Math.floor(1772355599000 / 300_000)]);
      assert.ok(spans.every((span) => span.attributes['renderx.time'] === 'synthesised'));
      assert.ok((executions[1]?.startMs ?? 0) > (executions[0]?.startMs ?? 0));
    });
  }

  it('reads lines of JSON', () => {
    const line = (fields: object): string =>
      JSON.stringify({
        timestamp: '2026-03-01T09:00:01.000Z',
        handler: 'desk#open',
        event: 'desk:open',
        duration: 40,
        ...fields,
      });
    const lines = [
      line({ error: null, context: { plugin: 'DeskPlugin', note: 'someone@example.org' } }),
      line({
        error: {
          name: 'RangeError',
          message: 'no desk',
          stack: 'RangeError: no desk\n    at open (desk.ts:3:1)',
        },
      }),
    ];
    assert.ok(renderxConsole.recognises(headOf(Buffer.from(lines.join('\n')))));
    const { handlers } = readLog(lines);
    assert.deepEqual(figures(handlers), ['DeskPlugin:desk:open#desk#open 40', '?:desk:open#desk#open 40']);
    assert.equal(handlers[0]?.startMs, Date.UTC(2026, 2, 1, 9, 0, 0, 960));
    assert.equal(handlers[0]?.attributes['code.function.name'], 'open');
    assert.deepEqual(
      handlers.map(({ status }) => status),
      ['unset', 'error'],
    );
    assert.equal(
      handlers[1]?.events[0]?.attributes['exception.stacktrace'],
      'RangeError: no desk\n    at open (desk.ts:3:1)',
    );
    assert.ok(!JSON.stringify(handlers).includes('someone'));
  });

  it('keeps the keys of a baton and nothing of its preview', () => {
    const { handlers, spans } = readLog(deskOpen(write));
    assert.deepEqual(handlers[0]?.attributes['renderx.baton.added'], ['openDeskDone']);
    assert.ok(!JSON.stringify(spans).includes('someone@example.org'));
  });

  it('sets an exception on the handler, with the bare lines below it, and never on its beat', () => {
    const failure = write(
      30,
      '🧠 PluginManager: Handler execution failed for DeskPlugin.tellAll: TypeError: no ear',
    );
    const lines = [
      ...deskOpen(write).slice(0, -1),
      failure,
      '    at tellAll (desk.ts:9:3)',
      '',
      '    at run (conductor.ts:1:1)',
      write(31, 'ConductorCore: idle'),
    ];
    const { spans, handlers } = readLog(lines);
    assert.deepEqual(errorsOf(spans), ['DeskPlugin:desk:tell#tellAll']);
    const [event] = handlers.at(-1)?.events ?? [];
    assert.equal(event?.attributes['exception.type'], 'TypeError');
    assert.equal(event?.attributes['exception.message'], 'no ear');
    assert.equal(
      event?.attributes['exception.stacktrace'],
      'TypeError: no ear\n    at tellAll (desk.ts:9:3)\n    at run (conductor.ts:1:1)',
    );
    // The log may end with the stack.
    assert.deepEqual(readLog(lines.slice(0, -1)).spans, spans);
  });

  it('takes the error from the next line where its own has none', () => {
    const failure = write(30, 'PluginManager: Handler execution failed for DeskPlugin.tellAll:');
    const { handlers } = readLog([
      ...deskOpen(write).slice(0, -1),
      failure,
      'RangeError: far',
      '    at x (y.ts:1:1)',
    ]);
    assert.equal(handlers.at(-1)?.attributes['error.type'], 'RangeError');
    assert.equal(handlers.at(-1)?.statusMessage, 'far');
  });

  for (const [line, errors] of Object.entries({
    'PluginManager: Handler execution failed for OtherPlugin.lost: Error: x': ['OtherPlugin:?#lost'],
    'EventBus: Error in subscriber 2 for "desk:close": Error: x': ['?:desk:close#?'],
    'EventBus: Async error in subscriber 1 for "desk:close": Error: x': ['?:desk:close#?'],
    'BeatExecutor: Beat 4 (desk:close) failed: Error: x': ['beat failed'],
    'MovementExecutor: Movement "Close" failed after 20ms': ['movement failed'],
    'SequenceExecutor: Sequence "Desk Close" failed: Error: x': ['sequence failed'],
    'MusicalConductor: Sequence with ID "desk-close" not found': ['sequence-not-found'],
    'PluginManager: Failed to mount plugin: DeskPlugin': ['mount-failed'],
    'PluginManager: Plugin not found: DeskPlugin': ['plugin-not-found'],
    'EventBus: Duplicate subscription blocked for desk:close': ['duplicate-subscription'],
    "EventRouter: Blocking immediate republish of 'desk.close' to prevent feedback loop": ['feedback-loop'],
    'EventRouter: Failed to route desk.close': ['route-failed'],
    'PluginManager: Handler not found or not a function: DeskPlugin.lost': ['DeskPlugin:?#lost'],
    'PerformanceTracker: Cleaned up failed movement Open for Desk Open': [],
    'Musical Sequences System initialized: FAILED': [],
    'Sequence registration complete: 3 registered, 0 failed': [],
    'EventBus: Subscribed to "movement-failed" (1 total subscribers)': [],
    'EventBus: Subscribed to "musical-conductor:beat:error" (1 total subscribers)': [],
    'SequenceRegistry: Registered sequence "Beat failed: x" (id: odd)': [],
    'DataBaton: +a | seq=Other beat=? event=x handler=y plugin=p req=r preview={"t":"Beat 1 failed: y"}': [],
  })) {
    it(`${errors.length > 0 ? 'counts' : 'does not count'} as an error: ${line}`, () => {
      const { spans } = readLog([
        ...deskOpen(write),
        write(2000, `❌ ${line}`),
        write(2001, 'EventBus: quiet'),
      ]);
      assert.deepEqual(errorsOf(spans), errors);
    });
  }

  it('ends what failed while it was played with an error', () => {
    const lines = deskOpen(write);
    const broken = [
      ...lines.slice(0, 10),
      write(40, '❌ BeatExecutor: Beat 2 failed: Error: torn'),
      write(44, '❌ SequenceExecutor: Sequence "Desk Open" failed after 44ms'),
    ];
    const { beats, executions } = readLog(broken);
    assert.deepEqual([...errorsOf(beats), ...errorsOf(executions)], ['desk:tell', 'Desk Open']);
    assert.equal(executions[0]?.durationMs, 44);
  });

  it('shows a double subscription as two runs of the handler and a count', () => {
    const lines = deskOpen(write);
    const second = write(
      18,
      'DataBaton: No changes | seq=Desk Open (Batched) beat=? event=desk:open handler=openDesk',
    );
    const doubled = [
      subscribe('desk:open', 1, 'DeskPlugin:desk-open'),
      subscribe('desk:open', 2, 'DeskPlugin:desk-open-batched'),
      ...lines.slice(0, 6),
      second,
      ...lines.slice(6),
    ];
    const { handlers, beats } = readLog(doubled);
    assert.deepEqual(
      handlers
        .slice(0, 2)
        .map((span) => [
          span.name,
          span.durationMs,
          span.attributes['renderx.run'],
          span.attributes['renderx.subscribers'],
        ]),
      [
        ['DeskPlugin:desk:open#openDesk', 10, 1, 2],
        ['DeskPlugin:desk:open#openDesk', 15, 2, 2],
      ],
    );
    assert.equal(beats[0]?.attributes['renderx.subscribers'], 2);
    assert.equal(handlers[1]?.attributes['renderx.declared_by'], 'Desk Open (Batched)');
  });

  it('tells executions apart whose lines interleave', () => {
    const other = deskOpen(write, 1, 'desk-shut-1772355600001-bbb222').map((line) =>
      line
        .replaceAll('Desk Open', 'Desk Shut')
        .replaceAll('desk-open', 'desk-shut')
        .replaceAll('desk:', 'shut:'),
    );
    const lines = deskOpen(write).flatMap((line, index) => [line, other[index] ?? '']);
    const { executions, beats, handlers, problems } = readLog(lines);
    assert.deepEqual(problems, []);
    assert.deepEqual(figures(executions), ['Desk Open 45', 'Desk Shut 45']);
    assert.deepEqual(figures(handlers).toSorted(), [
      'DeskPlugin:desk:open#openDesk 10',
      'DeskPlugin:desk:tell#tellAll 900',
      'DeskPlugin:shut:open#openDesk 10',
      'DeskPlugin:shut:tell#tellAll 900',
    ]);
    for (const { traceId, attributes } of [...beats, ...handlers]) {
      const own = executions.find((span) => span.traceId === traceId);
      assert.equal(attributes['sequence.name'], own?.name);
    }
  });

  it('notes what later builds say of a beat', () => {
    const lines = deskOpen(write);
    const { beats } = readLog([
      ...lines.slice(0, 3),
      write(2, 'BeatExecutor: Waiting 500ms for beat timing (after-beat)'),
      ...lines.slice(3, 5),
      write(3, 'EventBus: Found 3 subscribers'),
      write(4, 'BeatExecutor: Retrying beat 1'),
      ...lines.slice(5),
    ]);
    const attributes = beats[0]?.attributes ?? {};
    assert.deepEqual(
      [attributes['renderx.wait_ms'], attributes['renderx.subscribers'], attributes['renderx.retries']],
      [500, 3, 1],
    );
  });

  it('counts what it cannot place', () => {
    const { problems } = readLog(deskOpen(write).slice(5, 12));
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['orphan-baton', 'orphan-beat'],
    );
    assert.deepEqual(
      readLog(deskOpen(write).slice(0, 8)).problems.map(({ code, count }) => [code, count]),
      [['unfinished-execution', 1]],
    );
  });

  it('survives hostile lines', () => {
    const flood = `DataBaton: ${'| seq= beat= '.repeat(100_000)}`;
    const odd = [
      '[',
      '[2026',
      '%c%c%c',
      'Event: ',
      '{"timestamp":1',
      'x.ts:1 '.repeat(50_000),
      flood,
      '\u0000',
      '\ud800',
    ];
    const { spans } = readLog([...odd, ...deskOpen(write), ...odd]);
    assert.equal(spans.length, 5);
  });

  it('is recognised by the conductor’s words, never in an OTLP request', () => {
    assert.ok(renderxConsole.recognises(headOf(Buffer.from(deskOpen(write).join('\n')))));
    assert.ok(
      !renderxConsole.recognises(headOf(Buffer.from('2026-03-01T09:00:00Z server listening on port 3000\n'))),
    );
    assert.ok(
      !renderxConsole.recognises(headOf(Buffer.from('{"level":30,"time":1,"msg":"handler done"}\n'))),
    );
  });
});
