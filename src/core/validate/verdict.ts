import type { Gate, Verdict } from '../model/fix.ts';
import { applies } from './gates/applies.ts';
import { failsBefore, killsMutant, passesAfter } from './gates/proof.ts';
import { replay } from './gates/replay.ts';
import { affectedTests, baseline } from './gates/suite.ts';
import { typeCheck } from './gates/type-check.ts';
import {
  Cancelled,
  CouldNotRun,
  createTrial,
  type GateResult,
  type Trial,
  type TrialOptions,
} from './trial.ts';

export interface JudgeOptions extends TrialOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Before each gate, for showing progress. */
  readonly onGate?: (id: string) => void;
}

interface Step {
  readonly id: string;
  readonly gate: (trial: Trial) => Promise<GateResult>;
  /** Without it the later gates say nothing. */
  readonly first?: true;
  /** Too long to be run for a fix that failed already. */
  readonly last?: true;
}

const steps: readonly Step[] = [
  { id: 'applies', gate: applies, first: true },
  { id: 'baseline', gate: baseline, first: true },
  { id: 'fails-before', gate: failsBefore, first: true },
  { id: 'passes-after', gate: passesAfter, first: true },
  { id: 'kills-mutant', gate: killsMutant },
  { id: 'affected-tests', gate: affectedTests },
  { id: 'type-check', gate: typeCheck },
  { id: 'replay', gate: replay, last: true },
];

/**
 * Puts a fix through its gates in a copy, which is restored afterwards. A gate that could not run, or a cancelled trial,
 * is inconclusive; so is then the verdict, unless a gate failed. Rejects only for what is nobody's fault here, such as a
 * full disk.
 */
export async function judge(options: JudgeOptions): Promise<Verdict> {
  const { fix, scratch, now, onGate } = options;
  const startedMs = now();
  const trial = createTrial(options);
  const gates: Gate[] = [];
  let ended: string | undefined;
  try {
    for (const { id, gate, first, last } of steps) {
      const failed = last && gates.find(({ status }) => status === 'failed');
      const reason = ended ?? (failed && `Not run because ${failed.id} failed.`);
      if (reason !== undefined) {
        gates.push({ id, status: 'skipped', evidence: reason });
        continue;
      }
      onGate?.(id);
      const { cancelled, ...result } = await outcome(trial, gate);
      gates.push({ id, ...result });
      if (cancelled) ended = 'Cancelled.';
      else if (first && (result.status === 'failed' || result.status === 'inconclusive'))
        ended = `Not run because ${id} ${result.status === 'failed' ? 'failed' : 'is inconclusive'}.`;
    }
  } finally {
    await scratch.restore();
  }
  const has = (status: Gate['status']): boolean => gates.some((gate) => gate.status === status);
  return {
    fixId: fix.id,
    fingerprint: fix.fingerprint,
    status: has('failed') ? 'failed' : has('inconclusive') ? 'inconclusive' : 'passed',
    gates,
    isolation: scratch.isolation,
    seconds: Math.round((now() - startedMs) / 100) / 10,
  };
}

async function outcome(
  trial: Trial,
  gate: Step['gate'],
): Promise<GateResult & { readonly cancelled: boolean }> {
  try {
    return { ...(await gate(trial)), cancelled: false };
  } catch (error) {
    const cancelled = error instanceof Cancelled;
    if (!cancelled && !(error instanceof CouldNotRun)) throw error;
    return { status: 'inconclusive', evidence: cancelled ? 'Cancelled.' : error.message, cancelled };
  }
}
