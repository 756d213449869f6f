import type { AttributeShape } from '../model/shape.ts';

/** An input whose values go with the failures of an operation. */
export interface TellingInput {
  readonly key: string;
  /** Those with most failures first. */
  readonly values: readonly { readonly value: string; readonly good: number; readonly failed: number }[];
  /** Of all failed and all good calls, how many had one of the values; and how many there were. */
  readonly failed: number;
  readonly good: number;
  readonly allFailed: number;
  readonly allGood: number;
  /** One-sided p of Fisher's exact test, times the number of attributes looked at. */
  readonly p: number;
}

const LEAST_FAILURES = 3;
const LEAST_SHARE = 0.5;
const MOST_P = 0.01;
const MOST_VALUES = 8;

/** The attribute that tells failing calls from good ones best; null where none does, or where no call was good. */
export function tellingInput(attributes: readonly AttributeShape[]): TellingInput | null {
  let best: (TellingInput & { readonly score: number }) | null = null;
  for (const attribute of attributes) {
    const found = judged(attribute, attributes.length);
    if (found !== null && (best === null || found.score > best.score)) best = found;
  }
  if (best === null) return null;
  const { score: _score, ...input } = best;
  return input;
}

function judged(
  { key, values }: AttributeShape,
  tried: number,
): (TellingInput & { readonly score: number }) | null {
  const sum = (of: AttributeShape['values'], what: 'good' | 'failed'): number =>
    of.reduce((total, value) => total + value[what], 0);
  const [allGood, allFailed] = [sum(values, 'good'), sum(values, 'failed')];
  if (allGood === 0 || allFailed < LEAST_FAILURES) return null;
  // A value seen once fails or not by chance: only a second failure says that the value is to blame.
  const repeated = values.filter(
    ({ value, good, failed }) => value !== '(other)' && failed >= 2 && failed >= 4 * good,
  );
  if (sum(repeated, 'failed') < LEAST_FAILURES) return null;
  const alike = values.filter(({ value, good, failed }) => value !== '(other)' && failed === 1 && good === 0);
  const telling = repeated.length > alike.length ? [...repeated, ...alike] : repeated;
  const [good, failed] = [sum(telling, 'good'), sum(telling, 'failed')];
  const p = Math.min(1, fisher(failed, good, allFailed, allGood) * tried);
  const share = failed / allFailed;
  if (share < LEAST_SHARE || p > MOST_P) return null;
  const shown = telling.toSorted(
    (a, b) => b.failed - a.failed || a.good - b.good || (a.value < b.value ? -1 : 1),
  );
  // Of inputs that tell the same, the one that a person sends comes before what the client adds, and one value before many.
  const sent = /^(path|query|body)\./.test(key) ? 0.1 : 0;
  return {
    key,
    values: shown.slice(0, MOST_VALUES),
    failed, good, allFailed, allGood, p,
    score: share - good / allGood + sent - 0.01 * Math.min(telling.length, 10),
  }; // prettier-ignore
}

/** Probability of at least `failed` of the failed calls among `failed + good` calls drawn from all (hypergeometric tail). */
function fisher(failed: number, good: number, allFailed: number, allGood: number): number {
  const drawn = failed + good;
  const logs = logFactorials(allFailed + allGood);
  const choose = (n: number, k: number): number => (logs[n] ?? 0) - (logs[k] ?? 0) - (logs[n - k] ?? 0);
  let p = 0;
  for (let hits = failed; hits <= Math.min(drawn, allFailed); hits++) {
    if (drawn - hits > allGood) continue;
    p += Math.exp(
      choose(allFailed, hits) + choose(allGood, drawn - hits) - choose(allFailed + allGood, drawn),
    );
  }
  return Math.min(1, p);
}

function logFactorials(most: number): readonly number[] {
  const logs = [0];
  for (let n = 1; n <= most; n++) logs.push((logs[n - 1] ?? 0) + Math.log(n));
  return logs;
}
