import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lineAt, parsePlaces } from '../../../src/core/code/json-places.ts';
import {
  parseSuppressions,
  suppressionState,
  withSuppression,
} from '../../../src/core/deliver/suppressions.ts';

const [one, two] = ['1'.repeat(16), '2'.repeat(16)];
const file = (entries: readonly unknown[]): string => JSON.stringify({ suppressions: entries }, null, 2);
const human = (message: RegExp) => ({ name: 'HumanError', message });

describe('suppressions', () => {
  it('apply through their last day in UTC, and are told as expired after it', () => {
    const { suppressions, problems } = parseSuppressions(
      file([
        { fingerprint: one, reason: 'known', until: '2026-05-31' },
        { fingerprint: two, reason: 'by design', what: 'slow export', detector: 'latency-regression' },
      ]),
    );
    assert.deepEqual(problems, []);
    const state = (fingerprint: string, at: string) =>
      suppressionState(suppressions, fingerprint, Date.parse(at)).k;
    assert.equal(state(one, '2026-05-31T23:59:59.999Z'), 'suppressed');
    assert.equal(state(one, '2026-06-01T00:00:00.000Z'), 'expired');
    assert.equal(state(two, '2099-01-01T00:00:00.000Z'), 'suppressed');
    assert.equal(state('3'.repeat(16), '2026-01-01T00:00:00.000Z'), 'none');
    const again = [...suppressions, { fingerprint: one, reason: 'still' }];
    assert.equal(suppressionState(again, one, Date.parse('2027-01-01')).k, 'suppressed');
  });

  it('do not apply at all where the file does not parse, and say where', () => {
    const broken = [
      ['{\n  "suppressions": [\n    { "fingerprint": "x" },\n  ]\n}', 4, 'suppressions-not-json'],
      ['', 1, 'suppressions-not-json'],
      ['[]', 1, 'suppressions-invalid'],
      ['{\n\n "suppressions": {}\n}', 3, 'suppressions-invalid'],
      ['{ "suppressions": [], "supressions": [] }', 1, 'suppressions-invalid'],
      [`<<<<<<< ours\n${file([])}`, 1, 'suppressions-not-json'],
    ] as const;
    for (const [text, line, code] of broken) {
      const { suppressions, problems } = parseSuppressions(text);
      assert.deepEqual(suppressions, [], text);
      assert.deepEqual([problems.length, problems[0]?.line, problems[0]?.code], [1, line, code], text);
    }
    assert.deepEqual(parseSuppressions(null), { suppressions: [], problems: [] });
  });

  it('leave out a wrong entry alone: a mistyped date must not suppress for ever', () => {
    const text = file([
      { fingerprint: one, reason: 'x', untill: '2026-01-01' },
      { fingerprint: two, reason: 'ok' },
      { fingerprint: one, reason: 'x', until: '2026-02-30' },
      { fingerprint: one, reason: '  ' },
      { fingerprint: 'short', reason: 'x' },
    ]);
    const { suppressions, problems } = parseSuppressions(text);
    assert.deepEqual(suppressions, [{ fingerprint: two, reason: 'ok' }]);
    assert.deepEqual(
      problems.map(({ line }) => line),
      [3, 12, 17, 21],
    );
  });

  it('are added without touching the rest of the file', () => {
    const entry = { fingerprint: two, reason: 'why "not"\n', until: '2026-05-31' };
    const fresh = withSuppression(null, entry);
    assert.deepEqual(parseSuppressions(fresh).suppressions, [entry]);
    const tabs = `\uFEFF{\r\n\t"$schema": "x",\r\n\t"suppressions": [\r\n\t\t{ "fingerprint": "${one}", "reason": "a" }\r\n\t]\r\n}\r\n`;
    const added = withSuppression(tabs, entry);
    assert.equal(
      added,
      tabs.replace(
        '"a" }',
        `"a" },\r\n\t\t{\r\n\t\t\t"fingerprint": "${two}",\r\n\t\t\t"reason": "why \\"not\\"\\n",\r\n\t\t\t"until": "2026-05-31"\r\n\t\t}`,
      ),
    );
    const inline = withSuppression(`{"suppressions":[{"fingerprint":"${one}","reason":"a"}]}`, entry);
    assert.equal(inline.split('\n').length, 1);
    assert.equal(parseSuppressions(inline).suppressions.length, 2);
    assert.deepEqual(parseSuppressions(withSuppression('{ "suppressions": [] }', entry)).suppressions, [
      entry,
    ]);
  });

  it('take the place of an older one of the same anomaly', () => {
    const before = file([
      { fingerprint: one, reason: 'old', until: '2020-01-01' },
      { fingerprint: two, reason: 'other' },
    ]);
    const after = withSuppression(before, { fingerprint: one, reason: 'new' });
    assert.equal(
      after,
      file([
        { fingerprint: one, reason: 'new' },
        { fingerprint: two, reason: 'other' },
      ]),
    );
  });

  it('are not written over a file that does not parse, nor without a reason or a real day', () => {
    const entry = { fingerprint: one, reason: 'x' };
    assert.throws(
      () => withSuppression('{\n"suppressions": [,]}', entry),
      human(/suppressions\.json:2 has to be mended/),
    );
    assert.throws(() => withSuppression('[]', entry), human(/mended/));
    assert.throws(() => withSuppression(null, { ...entry, reason: ' ' }), human(/reason must say why/));
    assert.throws(
      () => withSuppression(null, { ...entry, until: '2026-13-01' }),
      human(/until must be a day/),
    );
    assert.throws(() => withSuppression(null, { ...entry, fingerprint: '../x' }), human(/fingerprint/));
  });
});

describe('JSON with places', () => {
  it('agrees with JSON.parse on every value and on every damaged one', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom('', ',', '"', ']', '}', '0', '\\', '\n'),
        (json, at, sign) => {
          for (const text of [
            json,
            json.slice(0, at % (json.length + 1)) + sign + json.slice((at % (json.length + 1)) + 1),
          ]) {
            const read = parsePlaces(text);
            let expected: unknown;
            try {
              expected = JSON.parse(text);
            } catch {
              assert.equal(read.k, 'broken', text);
              continue;
            }
            assert.ok(read.k === 'value', text);
            assert.deepEqual(read.root.value, expected);
            assert.deepEqual(JSON.parse(text.slice(read.root.start, read.root.end)), expected);
          }
        },
      ),
    );
    assert.equal(lineAt('a\nb\nc', 4), 3);
    assert.equal(parsePlaces('['.repeat(100_000)).k, 'broken');
  });
});
