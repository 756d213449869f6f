import type { Call, CallException } from '../../model/operation.ts';
import type { CallSample } from '../../model/shape.ts';
import { wellFormed } from './mask.ts';
import type { Request } from './request.ts';
import { redactText } from './secrets.ts';

const MAX_SAMPLES = 8;
const MAX_MESSAGE = 1000;
const MAX_STACK = 2000;
const MAX_FRAMES = 12;

/** A sample with what its variety is judged by. */
export interface Varied {
  readonly sample: CallSample;
  /** Hash of how it was asked and answered: status, exception and set of query keys. */
  readonly group: number;
  /** Hash of path and query. */
  readonly order: number;
}

/** Adds a call to the samples of good or of failed ones, if that makes them more varied. */
export function addCallSample(samples: Varied[], call: Call, request: Request): void {
  const { method, path, query } = request;
  const [exception] = call.outcome === 'error' ? call.exceptions : [];
  const group = hash(exception?.type ?? '', request.queryKeys, call.statusCode);
  const order = hash(path, query);
  const rank = { group, order };
  if (!wanted(samples, rank, call)) return;
  addSample(samples, {
    ...rank,
    sample: {
      method,
      path,
      query,
      ...(call.statusCode === undefined ? {} : { statusCode: call.statusCode }),
      outcome: call.outcome,
      durationMs: call.durationMs,
      startMs: call.startMs,
      traceId: call.traceId,
      ...(exception === undefined ? {} : { exception: shortened(exception) }),
    },
  });
}

/**
 * Keeps at most eight: of each group the first by hash, then of each the second and so on. Which ones are kept depends
 * only on what was added, never on the order or on what was merged with what. Of equal requests the earliest stays.
 */
export function addSample(samples: Varied[], added: Varied): void {
  const twin = samples.findIndex((each) => isTwin(each, added));
  const known = samples[twin];
  if (known !== undefined) {
    if (earlier(added.sample, known.sample)) samples[twin] = added;
    return;
  }
  samples.push(added);
  if (samples.length > MAX_SAMPLES) samples.splice(worstOf(samples), 1);
}

/** In an order that does not tell how they came. */
export function sortedSamples(samples: readonly Varied[]): readonly Varied[] {
  return samples.toSorted(
    (a, b) => a.sample.startMs - b.sample.startMs || a.order - b.order || a.group - b.group,
  );
}

type Rank = Pick<Varied, 'group' | 'order'>;

/** False where adding would change nothing; cheap, as most calls look like others. */
function wanted(samples: readonly Varied[], rank: Rank, call: Call): boolean {
  let before = 0;
  for (const each of samples) {
    if (each.group !== rank.group) continue;
    if (each.order === rank.order) return earlier(call, each.sample);
    if (each.order < rank.order) before++;
  }
  if (samples.length < MAX_SAMPLES) return true;
  for (const each of samples) {
    let place = each.group === rank.group && rank.order < each.order ? 1 : 0;
    for (const other of samples) if (other.group === each.group && other.order < each.order) place++;
    if (place > before || (place === before && each.group > rank.group)) return true;
  }
  return false;
}

function isTwin(a: Rank, b: Rank): boolean {
  return a.order === b.order && a.group === b.group;
}

function earlier(
  a: Pick<CallSample, 'startMs' | 'traceId'>,
  b: Pick<CallSample, 'startMs' | 'traceId'>,
): boolean {
  return a.startMs < b.startMs || (a.startMs === b.startMs && a.traceId < b.traceId);
}

function worstOf(all: readonly Rank[]): number {
  let worst = 0;
  let worstPlace = -1;
  for (const [at, each] of all.entries()) {
    let place = 0;
    for (const other of all) if (other.group === each.group && other.order < each.order) place++;
    if (place > worstPlace || (place === worstPlace && each.group > (all[worst]?.group ?? 0))) {
      worst = at;
      worstPlace = place;
    }
  }
  return worst;
}

function shortened({ type, message, stack }: CallException): CallException {
  return {
    type: wellFormed(type.slice(0, MAX_MESSAGE)),
    message: wellFormed(redactText(message.slice(0, MAX_MESSAGE))),
    ...(stack === undefined
      ? {}
      : { stack: wellFormed(redactText(stack.split('\n', MAX_FRAMES).join('\n').slice(0, MAX_STACK))) }),
  };
}

/** FNV-1a, 32 bits, with the last step of MurmurHash3, without which texts that end alike come near each other. */
function hash(text: string, more: string, number = 0): number {
  let value = 0x811c9dc5 ^ number;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ 0xffff, 0x01000193);
  for (let at = 0; at < more.length; at++) value = Math.imul(value ^ more.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
