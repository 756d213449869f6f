import type { Baseline } from '../model/window.ts';
import { mergeLatency } from './cell.ts';
import type { Cell } from './cell.ts';
import { addGroup } from './error-group.ts';
import type { ErrorGroups } from './error-group.ts';
import { slower } from './exemplar.ts';
import { createSketch } from './sketch.ts';
import type { Sketch } from './sketch.ts';

/** The sum of several windows; grows only through `addTo`. */
export interface Total {
  calls: number;
  errors: number;
  clientErrors: number;
  firstMs: number;
  lastMs: number;
  durationSumMs: number;
  maxMs: number;
  slowest: Cell['slowest'];
  readonly latency: Sketch;
  readonly groups: ErrorGroups;
}

/** Sums over windows that take no calls at present: remembered so that a query adds the live window alone. */
export interface Settled {
  /** What the sums were made for; anything else makes them void. */
  stamp: string;
  /** By release. */
  readonly totals: Map<string, Total>;
  readonly baselines: Map<string, Baseline>;
}

export function nothingSettled(): Settled {
  return { stamp: '', totals: new Map(), baselines: new Map() };
}

export function emptyTotal(): Total {
  return {
    calls: 0,
    errors: 0,
    clientErrors: 0,
    firstMs: Infinity,
    lastMs: -Infinity,
    durationSumMs: 0,
    maxMs: 0,
    slowest: undefined,
    latency: createSketch(),
    groups: new Map(),
  };
}

export function addTo(sum: Total, part: Cell | Total): void {
  sum.calls += part.calls;
  sum.errors += part.errors;
  sum.clientErrors += part.clientErrors;
  sum.firstMs = Math.min(sum.firstMs, part.firstMs);
  sum.lastMs = Math.max(sum.lastMs, part.lastMs);
  sum.durationSumMs += part.durationSumMs;
  sum.maxMs = Math.max(sum.maxMs, part.maxMs);
  sum.slowest = slower(sum.slowest, part.slowest);
  if ('latency' in part) sum.latency.merge(part.latency);
  else mergeLatency(part, sum.latency);
  for (const group of part.groups?.values() ?? []) addGroup(sum.groups, group);
}
