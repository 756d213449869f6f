import { newestOf, operationKey } from './evidence.ts';
import type { Evidence, Measured } from './evidence.ts';

export type BehaviourDriftKind =
  'latency-bucket' | 'error-rate-bucket' | 'new-error-class' | 'never-called' | 'newly-called';

/** Production against the committed evidence; never a mere change of counts or days. */
export interface BehaviourDrift {
  readonly handlerId: string;
  readonly kind: BehaviourDriftKind;
  readonly service: string;
  readonly environment: string;
  readonly operation: string;
  /** Release of the newer side, or of the only one. */
  readonly release: string;
  /** Bucket or error class; null where there was or is none. */
  readonly was: string | null;
  readonly is: string | null;
  /** One sentence for a person; its parts are untrusted. */
  readonly message: string;
}

function drift(
  handlerId: string,
  kind: BehaviourDriftKind,
  at: Measured,
  was: string | null,
  is: string | null,
  message: string,
): BehaviourDrift {
  const { service, environment, operation, release } = at;
  return { handlerId, kind, service, environment, operation, release, was, is, message };
}

function changes(id: string, was: Measured, is: Measured): readonly BehaviourDrift[] {
  const drifts: BehaviourDrift[] = [];
  const bucket = (kind: BehaviourDriftKind, name: string, a: string | null, b: string | null) => {
    if (a !== b && b !== null)
      drifts.push(drift(id, kind, is, a, b, `${name} was ${a ?? 'not known'}, is ${b}.`));
  };
  bucket('latency-bucket', 'p50', was.p50, is.p50);
  bucket('latency-bucket', 'p95', was.p95, is.p95);
  bucket('error-rate-bucket', 'Error rate', was.errorRate, is.errorRate);
  const name = ({ type, message }: Measured['errorClasses'][number]) =>
    message === '' ? type : `${type}: ${message}`;
  const known = new Set(was.errorClasses.map(name));
  for (const error of is.errorClasses.map(name).filter((one) => !known.has(one))) {
    drifts.push(drift(id, 'new-error-class', is, null, error, `New error: ${error}`));
  }
  return drifts;
}

/**
 * What production does other than the committed evidence says, in the order of the handler ids. `fresh` must come
 * from `evidenceFrom(models, committed)`: its hysteresis keeps noise out. Handlers gone from the code are not named.
 */
export function behaviourDrift(committed: Evidence, fresh: Evidence): readonly BehaviourDrift[] {
  const drifts: BehaviourDrift[] = [];
  for (const [id, now] of fresh.handlers) {
    const before = new Map(
      newestOf(committed.handlers.get(id)?.measured ?? []).map((one) => [operationKey(one), one]),
    );
    const after = newestOf(now.measured);
    for (const is of after) {
      const was = before.get(operationKey(is));
      if (was) drifts.push(...changes(id, was, is));
      else drifts.push(drift(id, 'newly-called', is, null, is.operation, 'Is called now; was not before.'));
    }
    const called = new Set(after.map(operationKey));
    for (const [key, was] of before) {
      if (called.has(key)) continue;
      const message = 'Is no longer called; was before.';
      drifts.push(drift(id, 'never-called', was, was.operation, null, message));
    }
  }
  return drifts;
}
