import type { Anomaly } from './anomaly.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Fix, Verdict } from './fix.ts';
import type { Trust } from './ledger.ts';
import type { Operation } from './operation.ts';
import type { Problem } from './problem.ts';

/** What detection says at present. */
export interface Detection {
  /** Open ones first, gravest first; suppressed ones after them, resolved ones last. */
  readonly anomalies: readonly Anomaly[];
  /** Operations that could not be judged: `7 of 30` calls. */
  readonly tooFew: readonly { readonly operation: Operation; readonly have: number; readonly need: number }[];
  /** One sentence: which release was compared with which, or why nothing could be. */
  readonly compared: string;
  readonly problems: readonly Problem[];
}

export interface Explanation {
  readonly anomaly: Anomaly;
  readonly diagnosis: Diagnosis;
}

/** A fix with everything that a reviewer should see beside it. */
export interface Offer extends Explanation {
  readonly k: 'offer';
  readonly fix: Fix;
  /** Posterior of the recipe in this workspace; null before it was tried. */
  readonly trust: Trust | null;
}

/** A good answer too: why none of the causes can be mended by a recipe. */
export interface NoOffer extends Explanation {
  readonly k: 'no-fix';
  /** One sentence each. */
  readonly reasons: readonly string[];
}

export type FixAnswer = Offer | NoOffer;

/** A branch with one commit; merging it is a person's affair. */
export interface Delivery {
  readonly branch: string;
  readonly commit: string;
  /** Docs that git ignores in this repository and that are therefore not in the commit. */
  readonly leftOut: readonly string[];
  readonly pullRequest: { readonly title: string; readonly body: string };
}

export interface Judged {
  readonly offer: Offer;
  readonly verdict: Verdict;
}

/** What happened to the fixes of this workspace and how far its recipes and detectors can be trusted. */
export interface Learned {
  readonly trust: readonly Trust[];
  /** Fixes that were applied or branched, with what telemetry said afterwards; null: nothing yet. */
  readonly fixes: readonly {
    readonly fixId: string;
    readonly fingerprint: string;
    readonly recipe: string;
    readonly decidedIn: string;
    readonly outcome: 'fixed' | 'no-effect' | 'worse' | 'reopened' | null;
    readonly n: number;
    /** The figure now divided by that at the decision. */
    readonly ratio: number | null;
  }[];
  readonly problems: readonly Problem[];
}
