import type { Effect } from './anomaly.ts';
import type { Gate } from './fix.ts';

interface Entry {
  /** ISO time, UTC. */
  readonly at: string;
  readonly fingerprint: string;
  readonly detector: string;
  /** Newest release in the telemetry when it was written. */
  readonly release: string;
}

export type FixOutcome = 'fixed' | 'no-effect' | 'worse' | 'reopened';

/** One line of `.suture/ledger.jsonl`: what was offered, decided, proven and seen afterwards. */
export type LedgerEntry =
  | (Entry & { readonly event: 'offer'; readonly recipe: string; readonly fixId: string })
  | (Entry & {
      readonly event: 'verdict';
      readonly recipe: string;
      readonly fixId: string;
      readonly status: 'passed' | 'failed' | 'inconclusive';
      readonly gates: readonly Pick<Gate, 'id' | 'status'>[];
    })
  | (Entry & {
      readonly event: 'decision';
      /** `suppressed` and `dismissed` are about the anomaly, the others about a fix. */
      readonly decision: 'applied' | 'branched' | 'rejected' | 'suppressed' | 'dismissed';
      readonly recipe?: string;
      readonly fixId?: string;
      readonly reason?: string;
      readonly branch?: string;
      /** The finding's effect when it was decided, for comparing later. */
      readonly effect?: Effect;
    })
  | (Entry & {
      readonly event: 'outcome';
      readonly recipe: string;
      readonly fixId: string;
      readonly outcome: FixOutcome;
      /** Calls seen since, and the figure now divided by that at the decision. */
      readonly n: number;
      readonly ratio: number;
    });

/** How far to trust a recipe or detector in this workspace: a Beta posterior over what was tried. */
export interface Trust {
  readonly subject: { readonly k: 'recipe' | 'detector'; readonly id: string };
  readonly worked: number;
  readonly tried: number;
  /** Fixes that a person did not want: no tries, yet they count against a recipe. */
  readonly refused: number;
  readonly alpha: number;
  readonly beta: number;
  /** Mean and 90 % interval of the posterior, 0..1. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}
