import assert from 'node:assert/strict';
import { gapsOf } from '../../../../../src/core/ingest/formats/renderx/gaps.ts';
import { deskOpen, envelopes, untimed } from './log.ts';

const write = envelopes['console'] ?? ((_: number, text: string) => text);

describe('gaps of a log', () => {
  it('tells waiting for a handler from silence', () => {
    const lines = [...deskOpen(write), ...deskOpen(write, 5000, 'desk-open-1772355605000-ccc333')];
    assert.deepEqual(
      gapsOf(lines, 500).map(({ line, durationMs, kind, waitingFor }) => [
        line,
        durationMs,
        kind,
        waitingFor,
      ]),
      [
        [14, 878, 'latency', ['desk:tell']],
        [15, 4077, 'idle', []],
        [28, 878, 'latency', ['desk:tell']],
      ],
    );
  });

  it('finds none where there is no time', () => {
    const bare = untimed['nothing'] ?? write;
    assert.deepEqual(gapsOf(deskOpen(bare), 0), []);
  });
});
