import type { Operation } from './operation.ts';

export type AnomalyKind =
  'performance' | 'behaviour' | 'coverage' | 'errors' | 'state' | 'dependencies' | 'documentation';

export type Severity = 'high' | 'medium' | 'low';

/** Something that can be shown for a claim, and opened where it has a place. All texts are plain and untrusted. */
export interface Evidence {
  readonly label: string;
  readonly detail?: string;
  /** Posix, relative to the workspace. */
  readonly file?: string;
  /** From 1; only with `file`. */
  readonly line?: number;
  readonly traceId?: string;
}

/** How much something changed, with a 95 % interval. */
export interface Effect {
  /** `p50 latency`, `error rate`, `calls of GET inventory /stock/:sku per call`, `calls without a test`. */
  readonly measure: string;
  readonly unit: 'ms' | 'rate' | 'count';
  /** Null where there was nothing before. */
  readonly before: number | null;
  readonly after: number;
  /** After divided by before (after itself where there was nothing before), normalised against the pace of the machine. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Sample sizes. */
  readonly n: number;
  readonly nBefore: number;
}

/** What a detector found, before anybody knows whether it is new. */
export interface Finding {
  /** 16 hex digits of a hash of (detector, operation or handler id, evidence key): the same after a restart or a line move. */
  readonly fingerprint: string;
  readonly kind: AnomalyKind;
  /** Id of the detector. */
  readonly detector: string;
  /** Absent where no call is behind it. */
  readonly operation?: Operation;
  /** Absent where correlation names no handler. */
  readonly handlerId?: string;
  readonly severity: Severity;
  /** 0..1 */
  readonly confidence: number;
  /** One sentence with the figures; plain text that may hold telemetry, hence to be escaped where it is shown. */
  readonly message: string;
  readonly release: string;
  readonly baselineRelease: string | null;
  readonly effect: Effect;
  readonly evidence: readonly Evidence[];
  readonly subject: Subject;
}

/** What a cause has to look for, by detector. */
export type Subject =
  | { readonly k: 'latency' }
  | {
      readonly k: 'repeated-call';
      /** Of the child shape. */
      readonly childKey: string;
      readonly childName: string;
      /** Usual occurrences per call, now. */
      readonly perCall: number;
      /** Median latency of one occurrence, ms. */
      readonly childP50Ms: number;
    }
  | {
      readonly k: 'error-group';
      readonly groupKey: string;
      readonly type: string;
      /** Template with variable parts masked. */
      readonly message: string;
      readonly stack?: string;
    }
  | { readonly k: 'no-test'; readonly level: 'imported' | 'placeholder' | 'none' };

/** `new`: first found in this release; `continuing`: found in the one before too; `reopened`: was away in between. */
export type AnomalyState = 'new' | 'continuing' | 'resolved' | 'reopened';

/** A finding with its history. For a resolved one the finding is the last that was made. */
export interface Anomaly extends Finding {
  readonly state: AnomalyState;
  /** Releases in which it was found, oldest first. */
  readonly seenIn: readonly string[];
  /** The newest release since then where it could neither be found nor be called gone, with its calls; 0: not called there yet. */
  readonly unjudged?: { readonly release: string; readonly calls: number };
  /** Set where it is suppressed by `.suture/suppressions.json`. */
  readonly suppressed?: { readonly reason: string; readonly until?: string };
}
