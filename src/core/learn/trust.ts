import type { LedgerEntry, Trust } from '../model/ledger.ts';
import { betaQuantile } from './beta.ts';

interface Tally {
  worked: number;
  failed: number;
  /** Fixes that a person did not want: they count against a recipe, not as tries of it. */
  refused: number;
}

type Decided = Extract<LedgerEntry, { event: 'decision' }>;
type Outcome = Extract<LedgerEntry, { event: 'outcome' }>;

/**
 * How far to trust each recipe and detector that the ledger tells of, from an even prior, Beta(1, 1). A recipe worked
 * where the newest outcome of its fix is `fixed`. A detector was right where the newest decision about its anomaly led to
 * a fix, and wrong where a person dismissed, suppressed or refused it. Recipes first, each kind by id.
 */
export function trustOf(ledger: readonly LedgerEntry[]): readonly Trust[] {
  const outcomes = new Map<string, Outcome>();
  const decisions = new Map<string, Decided>();
  const perFix = new Map<string, Decided>();
  for (const entry of ledger) {
    if (entry.event === 'outcome') outcomes.set(entry.fixId, entry);
    if (entry.event === 'decision') {
      decisions.set(entry.fingerprint, entry);
      if (entry.fixId !== undefined) perFix.set(entry.fixId, entry);
    }
  }
  const recipes = new Map<string, Tally>();
  for (const { recipe, outcome } of outcomes.values())
    count(recipes, recipe, outcome === 'fixed' ? 'worked' : 'failed');
  for (const { recipe, decision } of perFix.values()) {
    if (recipe !== undefined && decision === 'rejected') count(recipes, recipe, 'refused');
  }
  const detectors = new Map<string, Tally>();
  for (const { detector, decision } of decisions.values()) {
    count(detectors, detector, decision === 'applied' || decision === 'branched' ? 'worked' : 'failed');
  }
  return [...rows('recipe', recipes), ...rows('detector', detectors)];
}

/** Those most likely to work first; of equally trusted ones the order given. One never tried stands at one half. */
export function orderByTrust<T extends { readonly id: string }>(
  members: readonly T[],
  trust: readonly Trust[],
  kind: Trust['subject']['k'] = 'recipe',
): readonly T[] {
  const mean = ({ id }: T): number =>
    trust.find(({ subject }) => subject.k === kind && subject.id === id)?.mean ?? 0.5;
  return members.toSorted((a, b) => mean(b) - mean(a));
}

/** True where even a kind reading says that it is mostly wrong here: five refusals in a row are enough, four are not. */
export function isMuted({ high }: Pick<Trust, 'high'>): boolean {
  return high < 0.4;
}

function count(tallies: Map<string, Tally>, id: string, what: keyof Tally): void {
  const tally = tallies.get(id) ?? { worked: 0, failed: 0, refused: 0 };
  tally[what]++;
  tallies.set(id, tally);
}

function rows(k: Trust['subject']['k'], tallies: ReadonlyMap<string, Tally>): readonly Trust[] {
  return [...tallies]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { worked, failed, refused }]) => {
      const shape = { alpha: 1 + worked, beta: 1 + failed + refused };
      return {
        subject: { k, id },
        worked,
        tried: worked + failed,
        refused,
        ...shape,
        mean: shape.alpha / (shape.alpha + shape.beta),
        low: betaQuantile(shape, 0.05),
        high: betaQuantile(shape, 0.95),
      };
    });
}
