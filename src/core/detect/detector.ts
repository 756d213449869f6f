import type { AnomalyKind, Finding } from '../model/anomaly.ts';
import type { DetectInput } from '../model/comparison.ts';

/** Looks for one failing state. */
export interface Detector {
  /** A noun: `n-plus-one-call`. */
  readonly id: string;
  readonly title: string;
  readonly kind: AnomalyKind;
  /** Pure; an anomaly that continues gives the same fingerprint again. */
  readonly detect: (input: DetectInput) => readonly Finding[];
  /** Input without and with the failing state; the first finds nothing, the second exactly one. */
  readonly example: { readonly quiet: DetectInput; readonly anomalous: DetectInput };
}
