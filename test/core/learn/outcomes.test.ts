import assert from 'node:assert/strict';
import { latencyRegression } from '../../../src/core/detect/detectors/latency-regression.ts';
import { outcomesOf, trustOf } from '../../../src/core/learn/learn.ts';
import type { OutcomeEpoch } from '../../../src/core/learn/outcomes.ts';
import type { LedgerEntry } from '../../../src/core/model/ledger.ts';
import { decision, effect, outcome } from './entries.ts';

const [finding] = latencyRegression.detect(latencyRegression.example.anomalous);
const at = '2026-02-01T00:00:00.000Z';

/** A release in which the finding is there at `ms`, gone at `ms`, or cannot be judged. */
function epoch(
  release: string,
  what: 'found' | 'gone' | 'few',
  ms = 10,
  ratio: Partial<typeof effect> = {},
): OutcomeEpoch {
  const found = { ...finding!, fingerprint: 'f1', release, effect: { ...effect, after: ms, ...ratio } };
  return {
    release,
    findings: what === 'found' ? [found] : [],
    figure: () => (what === 'few' ? null : { value: ms, n: 80 }),
  };
}

const faulty = epoch('1.1.0', 'found', 40);
const told = (ledger: readonly LedgerEntry[], ...epochs: readonly OutcomeEpoch[]): readonly string[] =>
  outcomesOf(ledger, epochs, at).map((each) => {
    assert.ok(each.event === 'outcome' && each.at === at && each.fixId === 'x1' && each.recipe === 'mend');
    return `${each.release} ${each.outcome} n=${each.n} ratio=${each.ratio}`;
  });

describe('outcomes', () => {
  it('fixed, with n and ratio, where the next judged release does not have it', () => {
    assert.deepEqual(told([decision()], faulty, epoch('1.2.0', 'gone', 10)), ['1.2.0 fixed n=80 ratio=0.25']);
    const branched = [decision({ decision: 'branched' })];
    assert.deepEqual(told(branched, faulty, epoch('1.2.0', 'few'), epoch('1.3.0', 'gone', 20)), [
      '1.3.0 fixed n=80 ratio=0.5',
    ]);
  });

  it('nothing before a later release was judged', () => {
    assert.deepEqual(told([decision()], epoch('1.0.0', 'gone'), faulty), []);
    assert.deepEqual(told([decision()], faulty, epoch('1.2.0', 'few')), []);
    assert.deepEqual(told([decision({ decision: 'rejected' })], faulty, epoch('1.2.0', 'gone')), []);
    assert.deepEqual(told([decision({ decision: 'dismissed' })], faulty, epoch('1.2.0', 'gone')), []);
  });

  it('no effect where the fault is there as before, worse where it clearly grew', () => {
    assert.deepEqual(told([decision()], faulty, epoch('1.2.0', 'found', 42, { low: 3.2 })), [
      '1.2.0 no-effect n=80 ratio=1.05',
    ]);
    assert.deepEqual(told([decision()], faulty, epoch('1.2.0', 'found', 80, { low: 6, ratio: 8, high: 9 })), [
      '1.2.0 worse n=80 ratio=2',
    ]);
  });

  it('more calls without a test are more traffic, not more fault', () => {
    const coverage = { before: null, low: 900, ratio: 900, high: 900 };
    const then = { ...effect, ...coverage, low: 90, ratio: 90, high: 90 };
    assert.deepEqual(told([decision({ effect: then })], faulty, epoch('1.2.0', 'found', 40, coverage)), [
      '1.2.0 no-effect n=80 ratio=1',
    ]);
  });

  it('reopened where it comes back after it was fixed, and fixed again when it goes', () => {
    const epochs = [
      faulty,
      epoch('1.2.0', 'gone', 10),
      epoch('1.3.0', 'found', 40),
      epoch('1.4.0', 'found', 40),
    ];
    const all = ['1.2.0 fixed n=80 ratio=0.25', '1.3.0 reopened n=80 ratio=1'];
    assert.deepEqual(told([decision()], ...epochs), all);
    assert.deepEqual(told([decision()], ...epochs, epoch('1.5.0', 'gone', 10)), [
      ...all,
      '1.5.0 fixed n=80 ratio=0.25',
    ]);
  });

  it('is told once: what the ledger holds is not added again', () => {
    const epochs = [faulty, epoch('1.2.0', 'gone', 10), epoch('1.3.0', 'found', 40)];
    let ledger: readonly LedgerEntry[] = [decision()];
    for (const known of [2, 3]) {
      const fresh = outcomesOf(ledger, epochs.slice(0, known), at);
      assert.equal(fresh.length, 1);
      ledger = [...ledger, ...fresh];
      assert.deepEqual(outcomesOf(ledger, epochs.slice(0, known), at), []);
    }
    assert.deepEqual(
      trustOf(ledger).map(({ subject, worked, tried }) => [subject.id, worked, tried]),
      [
        ['mend', 0, 1],
        ['latency-regression', 1, 1],
      ],
    );
  });

  it('releases older than the telemetry, and a figure that was not written down', () => {
    const older = [decision({ release: '0.9.0' })];
    assert.deepEqual(told(older, epoch('1.2.0', 'gone', 10)), ['1.2.0 fixed n=80 ratio=0.25']);
    assert.deepEqual(told([...older, outcome('fixed')], epoch('1.2.0', 'gone', 10)), []);
    const { effect: _, ...without } = decision();
    assert.deepEqual(told([without], faulty, epoch('1.2.0', 'gone', 10)), ['1.2.0 fixed n=80 ratio=0.25']);
    assert.deepEqual(told([{ ...without, release: '0.9.0' }], epoch('1.2.0', 'gone', 10)), []);
  });
});
