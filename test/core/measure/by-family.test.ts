import assert from 'node:assert/strict';
import { byFamily } from '../../../src/core/measure/by-family.ts';
import type { Span, SpanFamily } from '../../../src/core/model/span.ts';

const span = (name: string, family?: SpanFamily): Span => ({
  ...{ traceId: '1'.padStart(32, '0'), spanId: '1'.padStart(16, '0'), name, kind: 'internal' as const },
  ...{ startMs: 0, durationMs: 1, status: 'unset' as const, attributes: {}, events: [], scope: '' },
  resource: { service: 's', environment: '', release: '1', attributes: {} },
  ...(family && { family }),
});

describe('answers by family', () => {
  it('are asked for once a family, undefined ones too, and for every span without one', () => {
    const asked: string[] = [];
    const answer = byFamily((each) => {
      asked.push(each.name);
      return each.name === 'none' ? undefined : { name: each.name };
    });
    const [one, two] = [{ attributes: {} }, { attributes: {} }];
    assert.deepEqual(answer(span('a', one)), { name: 'a' });
    assert.equal(answer(span('b', one)), answer(span('a', one)));
    assert.equal(answer(span('none', two)), undefined);
    assert.equal(answer(span('c', two)), undefined);
    assert.deepEqual([answer(span('d')), answer(span('d'))], [{ name: 'd' }, { name: 'd' }]);
    assert.deepEqual(asked, ['a', 'none', 'd', 'd']);
  });
});
