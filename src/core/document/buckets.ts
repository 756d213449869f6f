/** A half-open range `[low, high)` of a measured value and the words that stand for it in files and pages. */
export interface Bucket {
  readonly label: string;
  readonly low: number;
  readonly high: number;
}

/** Buckets in ascending order without gaps; the first one takes everything at or below zero. */
export type Scale = readonly Bucket[];

/** How far past a boundary a value must lie before a bucket that was already published changes. */
const SLACK = 0.1;

const SERIES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

function latencyScale(): Scale {
  const bounds = [...SERIES, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000];
  const between = bounds.slice(1).map((high, i): Bucket => {
    const low = bounds[i] ?? 0;
    const label = low < 1000 ? `${low}-${high} ms` : `${low / 1000}-${high / 1000} s`;
    return { label, low, high };
  });
  return [
    { label: 'under 1 ms', low: 0, high: 1 },
    ...between,
    { label: 'over 1000 s', low: 1_000_000, high: Infinity },
  ];
}

function rateScale(): Scale {
  // Built from whole numbers: 0.1 * 3 and friends would give labels such as 0.30000000000000004.
  const perMille = SERIES.filter((bound) => bound <= 1000);
  const between = perMille.slice(1).map((high, i): Bucket => {
    const low = perMille[i] ?? 0;
    return { label: `${low / 10}-${high / 10} %`, low: low / 1000, high: high / 1000 };
  });
  const last = between[between.length - 1];
  if (last) between[between.length - 1] = { ...last, high: Infinity };
  return [{ label: 'none', low: 0, high: 0 }, { label: 'under 0.1 %', low: 0, high: 0.001 }, ...between];
}

/** Milliseconds in a 1-2-5 series: `20-50 ms`. */
export const LATENCY: Scale = latencyScale();

/** Error rates 0..1 in a 1-2-5 series: `0.5-1 %`; `none` only for exactly zero. */
export const ERROR_RATE: Scale = rateScale();

/** Place of a label on its scale, -1 for a text that is none of its labels. */
export function rankOf(scale: Scale, label: string | null): number {
  return scale.findIndex((bucket) => bucket.label === label);
}

/** Label of the bucket that holds the value; not a number counts as zero. */
export function bucketOf(scale: Scale, value: number): string {
  const holding = value > 0 ? scale.findLast((bucket) => bucket.low <= value) : scale[0];
  return holding?.label ?? '';
}

/** Keeps the previous label until the value lies more than a tenth past a boundary of its bucket. */
export function settledBucket(scale: Scale, previous: string | null, value: number): string {
  const before = scale.find((bucket) => bucket.label === previous);
  const stays = before && value >= before.low * (1 - SLACK) && value <= before.high * (1 + SLACK);
  return stays ? before.label : bucketOf(scale, value);
}
