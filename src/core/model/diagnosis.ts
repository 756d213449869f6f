import type { Evidence } from './anomaly.ts';
import type { Position } from './handler.ts';

/** A piece of source text. */
export interface CodeSite {
  /** Posix, relative to the workspace. */
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
  /** Qualified name of the enclosing function. */
  readonly symbol: string;
}

/** Why an anomaly is there, as far as evidence tells. */
export interface Cause {
  /** Id of the member of `diagnose/causes` that found it. */
  readonly cause: string;
  /** One plain sentence. */
  readonly message: string;
  /** 0..1; the first of a diagnosis is the likeliest. */
  readonly score: number;
  /** Where the code is that a recipe would change; absent where only telemetry speaks. */
  readonly site?: CodeSite;
  readonly evidence: readonly Evidence[];
  readonly detail: CauseDetail;
}

/** What a recipe needs to know of a cause. */
export type CauseDetail =
  /** `site` is the whole loop statement; `call` the awaited call within it. */
  | {
      readonly k: 'awaited-call-in-loop';
      readonly call: CodeSite;
      /** Source text of the called expression: `inventory.availableOf`. */
      readonly callee: string;
      /** Where the called function is defined, if in the workspace. */
      readonly definition?: CodeSite;
    }
  /** `site` is the expression that throws; `subject` the text of the value that was not as expected. */
  | {
      readonly k: 'throwing-line';
      readonly type: string;
      readonly subject?: string;
      /** Input attribute (`path.customerId`, `query.sort`) whose values go with the failure, and those values, worst first. */
      readonly input?: { readonly key: string; readonly values: readonly string[] };
    }
  | { readonly k: 'no-test-calls-it' }
  | { readonly k: 'none' };

export interface Diagnosis {
  readonly fingerprint: string;
  /** Ranked, likeliest first; empty with `why` where nothing could be said. */
  readonly causes: readonly Cause[];
  readonly why?: string;
}
