import type { Effect } from '../../../src/core/model/anomaly.ts';
import type { FixOutcome, LedgerEntry } from '../../../src/core/model/ledger.ts';

type Decision = Extract<LedgerEntry, { event: 'decision' }>;

export const effect: Effect = {
  measure: 'p50 latency',
  unit: 'ms',
  before: 10,
  after: 40,
  ratio: 4,
  low: 3,
  high: 5,
  n: 100,
  nBefore: 100,
};

const entry = {
  at: '2026-01-01T00:00:00.000Z',
  fingerprint: 'f1',
  detector: 'latency-regression',
  release: '1.1.0',
};

export function decision(overrides: Partial<Decision> = {}): Decision {
  return {
    ...entry,
    event: 'decision',
    decision: 'applied',
    recipe: 'mend',
    fixId: 'x1',
    effect,
    ...overrides,
  };
}

export function outcome(what: FixOutcome, fixId = 'x1', recipe = 'mend'): LedgerEntry {
  return { ...entry, event: 'outcome', recipe, fixId, outcome: what, n: 50, ratio: 0.25 };
}
