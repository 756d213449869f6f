import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Mutant } from './mutant.ts';
import type { AnomalyRow, Diagnosed, Fixed, HandlerRow, Product } from './product.ts';
import { recordingAt, recordingText, type Service } from './service.ts';
import { servedBy } from './signal.ts';

const expected = {
  latency: ['latency-regression', 'n-plus-one-call'],
  errors: ['error-burst'],
  coverage: ['untested-handler'],
  'no-op': [],
} as const satisfies Record<Mutant['class'], readonly string[]>;

interface Trial {
  readonly service: Service;
  readonly suture: Product;
  readonly mutant: Mutant;
  readonly handlers: readonly HandlerRow[];
  readonly first: string;
  readonly faulty: string;
  /** What the healthy program has by itself, by fingerprint. */
  readonly known: ReadonlyMap<string, string>;
  /** Path of the recordings of this trial, without extension. */
  readonly at: string;
  readonly requests: number;
}

export interface Score extends Mutant {
  /** The fault shows in the data, read without the product: 5xx rose, or a median by 1.5 and 5 ms. */
  readonly observable: boolean;
  /** Detector of the first right finding. */
  readonly found: string | null;
  /** Place of the first right finding among the new ones, from 1. */
  readonly rank: number | null;
  /** The leading cause names the file and a line within 5. */
  readonly causeWithin5: boolean | null;
  readonly cause: string | null;
  readonly fix: string | null;
  readonly reasons: readonly string[];
  readonly verdict: string | null;
  readonly gates: readonly string[];
  /** After the fix was written and the service recorded again. */
  readonly afterFix: string | null;
  /** New findings at handlers that the fault does not touch, or by detectors that do not fit. */
  readonly others: readonly string[];
}

/** Asks the product about one mutant; where its fix passes, writes it, records again and looks whether the finding is gone. */
export function scored(trial: Trial): Score {
  const { service, suture, mutant, first, faulty, known, at } = trial;
  const common = ['-w', service.workspace, '-t', first, '-t', faulty];
  const rows = suture
    .ask<{ anomalies: AnomalyRow[] }>('anomalies', ...common)
    .data.anomalies.filter(({ fingerprint }) => !known.has(fingerprint));
  const isRight = ({ handlerId, detector }: AnomalyRow): boolean =>
    handlerId !== null && mutant.handlers.includes(handlerId) && (expected[mutant.class] as readonly string[]).includes(detector);
  const place = rows.findIndex(isRight);
  const hit = rows[place];
  const others = rows.filter((row) => !isRight(row)).map(({ detector, operation, message }) => `${detector} ${operation ?? ''}: ${message}`);
  const base = { ...mutant, observable: mutant.class === 'no-op' || mutant.class === 'coverage' || isObservable(trial), found: hit?.detector ?? null, rank: hit === undefined ? null : place + 1, others };
  if (hit === undefined) return { ...base, causeWithin5: null, cause: null, fix: null, reasons: [], verdict: null, gates: [], afterFix: null };
  const { diagnosis } = suture.ask<Diagnosed>('explain', hit.fingerprint, ...common).data;
  const [lead] = diagnosis.causes;
  const within = lead?.site?.file === mutant.file && Math.abs(lead.site.start.line - mutant.line) <= 5;
  const answer = suture.ask<Fixed>('fix', hit.fingerprint, '--write', ...common).data;
  return {
    ...base,
    causeWithin5: within,
    cause: lead === undefined ? (diagnosis.why ?? 'none') : `${lead.cause} ${lead.site === undefined ? '' : `${lead.site.file}:${lead.site.start.line}`}: ${lead.message}`,
    fix: answer.fix?.recipe ?? null,
    reasons: answer.reasons ?? [],
    verdict: answer.verdict?.status ?? null,
    gates: answer.gates.map(({ id, status, evidence }) => `${id} ${status}: ${evidence.slice(0, 300)}`),
    afterFix: answer.verdict?.status === 'passed' ? recorded(trial, hit, at) : null,
  };
} // prettier-ignore

function recorded({ service, suture, mutant, first, requests }: Trial, hit: AnomalyRow, at: string): string {
  const to = `${at}-fixed`;
  if (mutant.class !== 'coverage') service.record({ release: service.releases[1], seed: 200 + mutant.seed, requests, to });
  const now = recordingAt(to) ?? first;
  const left = suture.ask<{ anomalies: AnomalyRow[] }>('anomalies', '-w', service.workspace, '-t', now, '--baseline', first).data.anomalies;
  const gone = !left.some(({ fingerprint }) => fingerprint === hit.fingerprint);
  return `${gone ? 'gone' : 'still there'}; answers ${answersDiffer(path.join(path.dirname(at), 'A'), to)}`;
} // prettier-ignore

/** Compares distinct answers per request with those of the healthy program. */
function answersDiffer(before: string, after: string): string {
  const read = (to: string): Record<string, unknown> | null =>
    existsSync(`${to}.answers.json`) ? (JSON.parse(readFileSync(`${to}.answers.json`, 'utf8')) as Record<string, unknown>) : null;
  const [old, now] = [read(before), read(after)];
  if (old === null || now === null) return 'not kept';
  const shared = Object.keys(old).filter((key) => key in now);
  const differ = shared.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]));
  return `differ for ${differ.length} of ${shared.length} requests: ${differ.slice(0, 4).join(', ')}`;
} // prettier-ignore

function isObservable({ mutant, handlers, first, faulty }: Trial): boolean {
  const [before, after] = [recordingText(first), recordingText(faulty)];
  return handlers.some(({ id, method, route }) => {
    if (!mutant.handlers.includes(id) || method === null || route === null) return false;
    const [old, now] = [servedBy(before, method, route), servedBy(after, method, route)];
    const rate = (served: typeof old): number => served.errors / Math.max(1, served.calls);
    if (mutant.class === 'errors') return rate(now) > rate(old) + 0.02;
    return now.p50Ms > old.p50Ms * 1.5 && now.p50Ms > old.p50Ms + 5;
  });
}
