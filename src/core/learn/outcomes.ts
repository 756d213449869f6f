import type { Finding } from '../model/anomaly.ts';
import type { FixOutcome, LedgerEntry } from '../model/ledger.ts';

/** One release as it was judged, oldest first in a list of them. */
export interface OutcomeEpoch {
  readonly release: string;
  readonly findings: readonly Finding[];
  /**
   * The figure of a finding there (in the unit of its effect's `after`) with its sample, found again or not; null: too few
   * calls to say. Of a finding that none of the releases holds only fingerprint and detector are known.
   */
  readonly figure: (
    claim: Pick<Finding, 'fingerprint' | 'detector'> & Partial<Finding>,
  ) => { readonly value: number; readonly n: number } | null;
}

type Decided = Extract<LedgerEntry, { event: 'decision' }> & {
  readonly recipe: string;
  readonly fixId: string;
};
type Outcome = Extract<LedgerEntry, { event: 'outcome' }>;

/**
 * What telemetry says of each fix that was applied or branched in the releases after its decision: entries that the
 * ledger does not hold yet, for it to be appended. Told once until it changes, so that asking again adds nothing. A
 * later release is taken to hold the fix. `at`: ISO time of now.
 */
export function outcomesOf(
  ledger: readonly LedgerEntry[],
  epochs: readonly OutcomeEpoch[],
  at: string,
): readonly Outcome[] {
  const decided = new Map<string, Decided>();
  for (const entry of ledger) {
    if (entry.event === 'decision' && !decided.has(entry.fixId ?? '') && isMade(entry))
      decided.set(entry.fixId, entry);
  }
  return [...decided.values()].flatMap((decision) => outcomesOfFix(decision, ledger, epochs, at));
}

function isMade(entry: Extract<LedgerEntry, { event: 'decision' }>): entry is Decided {
  const made = entry.decision === 'applied' || entry.decision === 'branched';
  return made && entry.recipe !== undefined && entry.fixId !== undefined;
}

function outcomesOfFix(
  decision: Decided,
  ledger: readonly LedgerEntry[],
  epochs: readonly OutcomeEpoch[],
  at: string,
): readonly Outcome[] {
  const { fingerprint, detector, recipe, fixId } = decision;
  const told = ledger.findLast((entry) => entry.event === 'outcome' && entry.fixId === fixId);
  const at0 = epochs.findIndex(({ release }) => release === decision.release);
  const claim = epochs
    .flatMap(({ findings }) => findings)
    .findLast((finding) => finding.fingerprint === fingerprint) ?? { fingerprint, detector };
  const then = decision.effect?.after ?? epochs[at0]?.figure(claim)?.value;
  if (then === undefined || then <= 0) return [];
  let last = told?.event === 'outcome' ? told.outcome : undefined;
  // A release that is no longer in the telemetry lies before what is. What was told of is not told again.
  const from = Math.max(at0 + 1, told ? epochs.findIndex(({ release }) => release === told.release) : 0);
  const fresh: Outcome[] = [];
  for (const epoch of epochs.slice(from)) {
    const figure = epoch.figure(claim);
    const found = epoch.findings.find((finding) => finding.fingerprint === fingerprint);
    if (figure === null) continue;
    const outcome = judged(decision, found, last);
    if (outcome === last) continue;
    last = outcome;
    const { release } = epoch;
    const ratio = figure.value / then;
    fresh.push({
      event: 'outcome',
      at,
      fingerprint,
      detector,
      release,
      recipe,
      fixId,
      outcome,
      n: figure.n,
      ratio,
    });
  }
  return fresh;
}

function judged({ effect }: Decided, found: Finding | undefined, last: FixOutcome | undefined): FixOutcome {
  if (found === undefined) return 'fixed';
  if (last === 'fixed' || last === 'reopened') return 'reopened';
  // Without a release to compare with (calls without a test) more of it is more traffic, not more fault.
  const comparable = effect !== undefined && effect.before !== null && found.effect.before !== null;
  return comparable && effect.measure === found.effect.measure && found.effect.low > effect.high
    ? 'worse'
    : 'no-effect';
}
