import assert from 'node:assert/strict';
import { expectationOf } from '../../../../src/core/repair/test-writer/expectation.ts';
import { answersIn, type Answer } from '../../../../src/core/repair/test-writer/probe.ts';

const nowMs = Date.UTC(2026, 10, 23);
const answer = (body: unknown): Answer => ({ status: 200, json: true, body, nowMs });
const expected = (one: unknown, two = one) => expectationOf(answer(one), answer(two), "'", '  ');

describe('what is expected of a body', () => {
  it('is all that stays, and of the rest its type', () => {
    const one = {
      id: 'ord-1',
      key: 'a3',
      at: new Date(nowMs).toISOString(),
      since: '2020-01-01',
      uptimeSeconds: 3,
      list: [1, 2],
    };
    assert.deepEqual(expected(one, { ...one, key: 'b7' }), {
      text: `{
  id: 'ord-1',
  key: expect.any(String),
  at: expect.any(String),
  since: '2020-01-01',
  uptimeSeconds: expect.any(Number),
  list: [1, 2],
}`,
      exact: true,
    });
  });

  it('is short: a long list is one, a list of long things is told by their first fields', () => {
    assert.deepEqual(expected({ rows: Array.from({ length: 50 }, (_, i) => i) }), {
      text: '{ rows: expect.any(Array) }',
      exact: false,
    });
    const wide = (id: string): object =>
      Object.fromEntries([
        ['id', id],
        ...Array.from({ length: 12 }, (_, i) => [`field${i}`, 'long enough to wrap']),
      ]);
    const made = expected({ rows: ['a', 'b', 'c', 'd'].map(wide) });
    assert.equal(made?.exact, false);
    assert.ok((made?.text.split('\n').length ?? 99) <= 24);
    assert.match(made?.text ?? '', /id: 'd'/);
  });

  it('leaves out what comes and goes', () => {
    assert.deepEqual(expected({ a: 1, b: 2 }, { a: 1 }), { text: '{ a: 1 }', exact: false });
    assert.deepEqual(expected({ a: [1] }, { a: [1, 2] }), { text: '{ a: expect.any(Array) }', exact: false });
  });
});

describe('answers of a probe', () => {
  it('are put together from its lines, with whatever the program prints between', () => {
    const text = JSON.stringify(answer({ name: 'a  b' }));
    const lines = [
      'suture-answer x',
      `suture-answer 0 40 ${text.length} ${text.slice(40)}`,
      'hello',
      `  suture-answer 0 0 ${text.length} ${text.slice(0, 40)}`,
    ];
    assert.deepEqual(answersIn(lines, 1).get(0), answer({ name: 'a  b' }));
    assert.equal(answersIn(lines.slice(0, 2), 1).size, 0);
    assert.equal(answersIn(['suture-answer 9 0 2 {}', 'suture-answer 0 0 2 {}'], 1).size, 0);
  });
});
