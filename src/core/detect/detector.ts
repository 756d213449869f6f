import type { AnomalyKind, Finding } from '../model/anomaly.ts';
import type { DetectInput } from '../model/comparison.ts';

/** What is known of a finding made earlier; from a ledger only its fingerprint. */
export type Claim = Pick<Finding, 'fingerprint' | 'detector'> &
  Partial<Pick<Finding, 'operation' | 'subject'>>;

/** What a finding's effect calls `after`, measured again: in the unit of that effect, raw. */
export interface Figure {
  readonly value: number;
  /** Calls it was measured on. */
  readonly n: number;
}

/** Looks for one failing state. */
export interface Detector {
  /** A noun: `n-plus-one-call`. */
  readonly id: string;
  readonly title: string;
  readonly kind: AnomalyKind;
  /** Pure; an anomaly that continues gives the same fingerprint again. */
  readonly detect: (input: DetectInput) => readonly Finding[];
  /** How a finding's figure stands here, found again or not; null: there are too few calls to say. */
  readonly figure: (claim: Claim, input: DetectInput) => Figure | null;
  /** Input without and with the failing state; the first finds nothing, the second exactly one. */
  readonly example: { readonly quiet: DetectInput; readonly anomalous: DetectInput };
}
