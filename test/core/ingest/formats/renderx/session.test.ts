import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unwrap } from '../../../../../src/core/ingest/formats/renderx/envelope.ts';
import { gapsOf } from '../../../../../src/core/ingest/formats/renderx/gaps.ts';
import { messageOf } from '../../../../../src/core/ingest/formats/renderx/read-message.ts';
import type { Span } from '../../../../../src/core/model/span.ts';
import { needs } from '../../../../needs.ts';
import { readLog } from './log.ts';

const file = path.join(import.meta.dirname, '../../../../../../shared/renderx/session-2025-11-10.log');

describe('renderx-console, a real session', () => {
  let lines: readonly string[] = [];
  before(function () {
    needs(this, existsSync(file), 'the real session beside the project');
    lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  });
  const named = (spans: readonly Span[]): readonly string[] =>
    spans.map((span) => `${span.name} ${span.durationMs}`);

  it('holds what was counted in it', () => {
    const hits: Record<string, number> = {};
    for (const line of lines) {
      const { k = 'none' } = messageOf(unwrap(line).text) ?? {};
      hits[k] = (hits[k] ?? 0) + 1;
    }
    const { healthy, none, queued, 'movement-timed': timed, ...counted } = hits;
    assert.deepEqual(counted, {
      play: 10,
      'execution-start': 10,
      'execution-end': 10,
      'movement-start': 10,
      'movement-end': 10,
      request: 10,
      'beat-start': 25,
      'beat-event': 25,
      'beat-timed': 25,
      'beat-end': 25,
      'handler-baton': 31,
      'executor-baton': 25,
      registered: 48,
      mounted: 48,
      subscribed: 162,
    });
    // Ten of "cleaned up", the two look-alikes of the start, and ten shorter repeats of a movement's end.
    assert.deepEqual([healthy, queued, timed], [22, 10, 10]);
    assert.equal((none ?? 0) > 0, true);
  });

  it('has ten executions, 25 beats, 31 runs of 22 handlers and no error', () => {
    const { executions, beats, handlers, spans, problems } = readLog(lines);
    assert.deepEqual(problems, []);
    assert.deepEqual(named(executions), [
      'Header UI Theme Get 144',
      'Library Load 78',
      'Control Panel UI Init 379',
      'Library Load 61',
      'Control Panel UI Render 92',
      'Library Component Drag 10',
      'Library Component Drop 14',
      'Canvas Component Create 58',
      'Header UI Theme Toggle 10',
      'Header UI Theme Toggle 14',
    ]);
    assert.equal(beats.length, 25);
    const slowest = beats.map((span) => span.durationMs).toSorted((a, b) => b - a);
    assert.deepEqual(slowest.slice(0, 5), [81.7, 73.1, 66, 65, 58.7]);
    assert.equal(handlers.length, 31);
    const pairs = handlers.map(({ attributes }) =>
      [attributes['renderx.plugin'], attributes['renderx.handler']].join(' '),
    );
    assert.equal(new Set(pairs).size, 22);
    assert.ok(spans.every((span) => span.status === 'unset' && span.events.length === 0));
    assert.ok(spans.every((span) => span.attributes['renderx.time'] === undefined));
  });

  it('times a handler up to its own report', () => {
    const { handlers } = readLog(lines);
    const slowest = (handler: string, plugin?: string): readonly number[] =>
      handlers
        .filter(({ attributes }) => attributes['renderx.handler'] === handler)
        .filter(({ attributes }) => plugin === undefined || attributes['renderx.plugin'] === plugin)
        .map((span) => span.durationMs)
        .toSorted((a, b) => b - a);
    assert.deepEqual(slowest('publishCreateRequested'), [4807]);
    assert.deepEqual(slowest('loadComponents'), [535, 80]);
    assert.equal(slowest('notifyUi', 'LibraryPlugin')[0], 499);
    assert.equal(slowest('loadSchemas')[0], 260);
    assert.equal(slowest('registerObservers')[0], 217);
    assert.equal(slowest('notifyReady')[0], 147);
    assert.equal(slowest('initConfig')[0], 125);
  });

  it('shows the six events that two sequences subscribe to', () => {
    const twice = readLog(lines).handlers.filter((span) => span.attributes['renderx.run'] === 2);
    assert.equal(twice.length, 6);
    assert.ok(twice.every((span) => span.attributes['renderx.subscribers'] === 2));
  });

  it('was silent eight times for over a second, twice because of a handler', () => {
    const gaps = gapsOf(lines);
    const durations = gaps.map((gap) => gap.durationMs).toSorted((a, b) => b - a);
    assert.deepEqual(durations, [9771, 2842, 2575, 2539, 2383, 2369, 2354, 2001]);
    const latency = gaps.filter((gap) => gap.kind === 'latency');
    assert.deepEqual(
      latency.map((gap) => [gap.durationMs, ...gap.waitingFor]),
      [
        [2383, 'library:component:drop'],
        [2354, 'library:component:drop'],
      ],
    );
  });
});
