import assert from 'node:assert/strict';
import { ledgerLine, parseLedger } from '../../../src/core/deliver/ledger.ts';
import type { LedgerEntry } from '../../../src/core/model/ledger.ts';

const common = {
  at: '2026-05-01T10:00:00.000Z',
  fingerprint: 'f'.repeat(16),
  detector: 'd',
  release: '1.1.0',
};
const fix = { recipe: 'r', fixId: 'x' };
const effect = {
  measure: 'm',
  unit: 'ms',
  before: null,
  after: 1,
  ratio: 1,
  low: 1,
  high: 1,
  n: 3,
  nBefore: 0,
} as const;
const entries: readonly LedgerEntry[] = [
  { ...common, event: 'offer', ...fix },
  { ...common, event: 'verdict', ...fix, status: 'passed', gates: [{ id: 'applies', status: 'passed' }] },
  { ...common, event: 'decision', decision: 'branched', ...fix, branch: 'suture/x', effect },
  { ...common, event: 'decision', decision: 'suppressed', reason: 'a\nb "c" \u2028' },
  { ...common, event: 'outcome', ...fix, outcome: 'fixed', n: 100, ratio: 0.3 },
];
const text = entries.map(ledgerLine).join('');

describe('the ledger', () => {
  it('gives back every kind of entry that was written, one line each', () => {
    assert.equal(text.split('\n').length, entries.length + 1);
    assert.deepEqual(parseLedger(text), { entries, problems: [] });
    assert.deepEqual(parseLedger(text.replaceAll('\n', '\r\n')).entries, entries);
    assert.deepEqual(parseLedger(null), { entries: [], problems: [] });
  });

  it('leaves bad lines out, counted and located, and keeps those beside them', () => {
    const bad = `${ledgerLine(entries[0]!)}nope\n{"event":"offer"}\nnope too\n${ledgerLine(entries[1]!)}`;
    const { entries: kept, problems } = parseLedger(bad);
    assert.deepEqual(kept, entries.slice(0, 2));
    assert.deepEqual(
      problems.map(({ code, line, count }) => [code, line, count]),
      [
        ['ledger-not-json', 2, 2],
        ['ledger-invalid', 3, 1],
      ],
    );
    assert.match(problems[1]!.message, /\$\.at/);
  });

  it('survives being cut at any byte', () => {
    for (let end = 0; end < text.length; end++) {
      const cut = text.slice(0, end);
      const { entries: kept, problems } = parseLedger(cut);
      const whole = cut.split('\n').length - 1;
      // A line without its end may be complete.
      assert.ok(kept.length === whole || kept.length === whole + 1);
      assert.ok(
        problems.every(({ code }) => code === 'ledger-torn-line'),
        `${end}`,
      );
      assert.deepEqual(kept, entries.slice(0, kept.length));
    }
  });

  it('takes both sides of a merge conflict, and what both hold once', () => {
    const [a, b, c] = entries.map(ledgerLine);
    const merged = parseLedger(`${a}<<<<<<< ours\n${b}=======\n${b}${c}>>>>>>> theirs\n`);
    assert.deepEqual(merged.entries, entries.slice(0, 3));
    assert.deepEqual(
      merged.problems.map(({ code, line, count }) => [code, line, count]),
      [['ledger-conflict', 2, 3]],
    );
  });

  it('writes nothing that it could not read', () => {
    assert.throws(() => ledgerLine({ ...entries[0]!, at: 'yesterday' }));
    assert.throws(() =>
      ledgerLine({ ...common, event: 'outcome', ...fix, outcome: 'fixed', n: 1, ratio: NaN }),
    );
  });
});
