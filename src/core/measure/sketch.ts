import type { LatencyBins } from '../model/comparison.ts';
import { readVarint, writeVarint } from './varint.ts';

/** Ratio of neighbouring bins: estimates are off by at most (gamma - 1) / (gamma + 1) < 0.5 %. */
const GAMMA = 1.01;
const LOG_GAMMA = Math.log(GAMMA);
/** Durations are binned in microseconds; what is shorter than one falls into a bin of its own. */
const UNITS_PER_MS = 1000;
/** Bin of about 1e17 ms; blobs that name a higher one are not ours. */
const MAX_BIN = 4700;
const EXTREMES_BYTES = 16;
const BLOCK = 64;

/** A mergeable summary of latencies with quantiles of bounded relative error; min, max and counts are exact. */
export interface Sketch {
  readonly count: () => number;
  /** Milliseconds, not negative; anything else counts as zero. */
  readonly add: (ms: number) => void;
  readonly merge: (other: Sketch) => void;
  /** Adds a serialised sketch; false, and nothing added, where the bytes are not one. */
  readonly mergeBlob: (blob: Uint8Array) => boolean;
  /** Nearest rank, `sorted[ceil(q * n) - 1]`, in milliseconds; undefined for an empty sketch. */
  readonly quantile: (q: number) => number | undefined;
  /** Milliseconds; undefined for an empty sketch. */
  readonly min: () => number | undefined;
  readonly max: () => number | undefined;
  /** Min and max as 64-bit floats, then pairs of varints: distance to the bin before, count. Empty for an empty sketch. */
  readonly toBlob: () => Uint8Array;
  /** Visits bins (0: under a microsecond) in ascending order, each with its count. */
  readonly eachBin: (visit: (bin: number, count: number) => void) => void;
}

export function createSketch(): Sketch {
  /** Counts of the bins from `first` on. */
  let counts = new Float64Array(0);
  let first = 0;
  let total = 0;
  let min = Infinity;
  let max = -Infinity;

  function reserve(low: number, high: number): void {
    if (counts.length > 0 && low >= first && high < first + counts.length) return;
    const empty = counts.length === 0;
    // Whole blocks, as a window's latencies come near each other but in no order.
    const from = Math.floor((empty ? low : Math.min(low, first)) / BLOCK) * BLOCK;
    const to = Math.ceil((1 + (empty ? high : Math.max(high, first + counts.length - 1))) / BLOCK) * BLOCK;
    const grown = new Float64Array(to - from);
    if (!empty) grown.set(counts, first - from);
    counts = grown;
    first = from;
  }

  function put(bin: number, count: number): void {
    reserve(bin, bin);
    counts[bin - first] = (counts[bin - first] ?? 0) + count;
    total += count;
  }

  function eachBin(visit: (bin: number, count: number) => void): void {
    for (let at = 0; at < counts.length; at++) {
      const count = counts[at] ?? 0;
      if (count > 0) visit(first + at, count);
    }
  }

  return {
    count: () => total,
    add: (ms) => {
      const value = ms >= 0 && Number.isFinite(ms) ? ms : 0;
      put(binOf(value), 1);
      min = Math.min(min, value);
      max = Math.max(max, value);
    },
    merge: (other) => {
      other.eachBin(put);
      min = Math.min(min, other.min() ?? Infinity);
      max = Math.max(max, other.max() ?? -Infinity);
    },
    mergeBlob: (blob) => {
      const decoded = decode(blob);
      if (decoded === undefined) return false;
      const { pairs } = decoded;
      if (pairs.length > 0) reserve(pairs[0] ?? 0, pairs[pairs.length - 2] ?? 0);
      for (let at = 0; at < pairs.length; at += 2) put(pairs[at] ?? 0, pairs[at + 1] ?? 0);
      min = Math.min(min, decoded.min);
      max = Math.max(max, decoded.max);
      return true;
    },
    quantile: (q) => {
      if (total === 0) return undefined;
      const rank = rankOf(q, total);
      if (rank === 1) return min;
      if (rank === total) return max;
      let below = 0;
      for (let at = 0; at < counts.length; at++) {
        below += counts[at] ?? 0;
        if (below >= rank) return Math.min(max, Math.max(min, valueOf(first + at)));
      }
      return max;
    },
    min: () => (total === 0 ? undefined : min),
    max: () => (total === 0 ? undefined : max),
    toBlob: () => encode(min, max, eachBin),
    eachBin,
  };
}

/** Quantiles of a serialised sketch without building it; null where it is empty or no sketch. */
export function blobQuantile(blob: Uint8Array, q: number): number | null {
  const decoded = decode(blob);
  if (decoded === undefined || decoded.pairs.length === 0) return null;
  const { pairs, total, min, max } = decoded;
  const rank = rankOf(q, total);
  if (rank === 1) return min;
  if (rank === total) return max;
  let below = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    below += pairs[at + 1] ?? 0;
    if (below >= rank) return Math.min(max, Math.max(min, valueOf(pairs[at] ?? 0)));
  }
  return max;
}

/** The distribution whose nearest-rank quantiles are those of the sketch: its first and last value are exact. */
export function latencyBins(sketch: Sketch): LatencyBins {
  const min = sketch.min();
  const max = sketch.max();
  if (min === undefined || max === undefined) return [];
  const bins: [ms: number, calls: number][] = [];
  const put = (ms: number, calls: number): void => {
    const last = bins.at(-1);
    if (last?.[0] === ms) last[1] += calls;
    else if (calls > 0) bins.push([ms, calls]);
  };
  let left = sketch.count() - 1;
  put(min, 1);
  let skip = 1;
  sketch.eachBin((bin, count) => {
    const inside = Math.min(count - skip, left - 1);
    skip = 0;
    if (inside <= 0) return;
    put(Math.min(max, Math.max(min, valueOf(bin))), inside);
    left -= inside;
  });
  put(max, left);
  return bins;
}

function rankOf(q: number, total: number): number {
  return Math.min(total, Math.max(1, Math.ceil(q * total)));
}

function binOf(ms: number): number {
  const units = ms * UNITS_PER_MS;
  return units < 1 ? 0 : Math.min(MAX_BIN, 1 + Math.ceil(Math.log(units) / LOG_GAMMA));
}

/** The point of a bin from which both its ends are equally far, relatively; milliseconds. */
function valueOf(bin: number): number {
  return bin === 0 ? 0 : (2 * GAMMA ** (bin - 1)) / (GAMMA + 1) / UNITS_PER_MS;
}

function encode(min: number, max: number, eachBin: Sketch['eachBin']): Uint8Array {
  const bytes: number[] = [];
  let before = 0;
  eachBin((bin, count) => {
    writeVarint(bytes, bin - before);
    writeVarint(bytes, count);
    before = bin;
  });
  if (bytes.length === 0) return new Uint8Array(0);
  const blob = new Uint8Array(EXTREMES_BYTES + bytes.length);
  const view = new DataView(blob.buffer);
  view.setFloat64(0, min);
  view.setFloat64(8, max);
  blob.set(bytes, EXTREMES_BYTES);
  return blob;
}

interface DecodedSketch {
  readonly min: number;
  readonly max: number;
  readonly total: number;
  /** Bin, count, bin, count ...; bins ascend. */
  readonly pairs: readonly number[];
}

function decode(blob: Uint8Array): DecodedSketch | undefined {
  if (blob.length === 0) return { min: Infinity, max: -Infinity, total: 0, pairs: [] };
  if (blob.length <= EXTREMES_BYTES) return undefined;
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const min = view.getFloat64(0);
  const max = view.getFloat64(8);
  if (!(min >= 0 && min <= max && Number.isFinite(max))) return undefined;
  const pairs: number[] = [];
  const cursor = { at: EXTREMES_BYTES };
  let bin = 0;
  let total = 0;
  while (cursor.at < blob.length) {
    const distance = readVarint(blob, cursor);
    const count = readVarint(blob, cursor);
    if (distance === undefined || count === undefined || count === 0) return undefined;
    if (distance === 0 && pairs.length > 0) return undefined;
    bin += distance;
    total += count;
    if (bin > MAX_BIN || total > Number.MAX_SAFE_INTEGER) return undefined;
    pairs.push(bin, count);
  }
  return { min, max, total, pairs };
}
