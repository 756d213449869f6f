import { trustOf } from '../learn/learn.ts';
import type { Learned } from '../model/healing.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import type { Problem } from '../model/problem.ts';

/** The ledger as a person reads it: each decided fix with its newest outcome. */
export function learned(ledger: readonly LedgerEntry[], problems: readonly Problem[]): Learned {
  const fixes = new Map<string, Learned['fixes'][number]>();
  for (const entry of ledger) {
    if (entry.event === 'decision' && (entry.decision === 'applied' || entry.decision === 'branched')) {
      const { fixId, recipe, fingerprint, release } = entry;
      if (fixId === undefined || recipe === undefined || fixes.has(fixId)) continue;
      fixes.set(fixId, { fixId, fingerprint, recipe, decidedIn: release, outcome: null, n: 0, ratio: null });
    }
    const known = entry.event === 'outcome' ? fixes.get(entry.fixId) : undefined;
    if (entry.event === 'outcome' && known !== undefined) {
      fixes.set(entry.fixId, { ...known, outcome: entry.outcome, n: entry.n, ratio: entry.ratio });
    }
  }
  return { trust: trustOf(ledger), fixes: [...fixes.values()], problems };
}
