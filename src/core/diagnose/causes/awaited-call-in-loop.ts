import type { LoopAwait } from '../../code/analysis.ts';
import type { Evidence } from '../../model/anomaly.ts';
import type { Cause } from '../../model/diagnosis.ts';
import { affinity } from '../affinity.ts';
import type { CauseFinder, DiagnosePorts } from '../cause-finder.ts';
import { repeatedChild, type RepeatedChild } from '../repeated-child.ts';
import { awaitedCallExample } from '../examples/awaited-call-in-loop.ts';

export const awaitedCallInLoop: CauseFinder = {
  id: 'awaited-call-in-loop',
  title: 'A loop awaits one call per round',
  explains: ['latency-regression', 'n-plus-one-call'],
  async find({ finding, handler, comparison }, ports) {
    const child = repeatedChild(finding, comparison);
    if (child === null || handler?.resolved !== true) return [];
    const loops = await ports.code.awaitsInLoops({ file: handler.file, start: handler.start });
    const ranked = bestPerLoop(loops, child);
    // A loop that has nothing of the name in it is a guess, and only worth one where there is no other.
    const fitting = ranked.filter(({ fit }) => fit > 0);
    return Promise.all(
      (fitting.length > 0 ? fitting : ranked.length === 1 ? ranked : []).map((one) =>
        causeOf(one, child, ports),
      ),
    );
  },
  example: awaitedCallExample,
};

interface Ranked {
  readonly found: LoopAwait;
  readonly fit: number;
  readonly score: number;
}

function bestPerLoop(loops: readonly LoopAwait[], child: RepeatedChild): readonly Ranked[] {
  const best = new Map<string, Ranked>();
  for (const found of loops) {
    const fit = affinity(child.name, found);
    const score = Math.max(0.1, Math.min(0.95, 0.35 + 0.6 * fit - 0.03 * (found.via.length - 1)));
    const key = `${found.loop.file}:${found.loop.start.line}:${found.loop.start.column}`;
    if (score > (best.get(key)?.score ?? 0)) best.set(key, { found, fit, score });
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score);
}

async function causeOf({ found, score }: Ranked, child: RepeatedChild, ports: DiagnosePorts): Promise<Cause> {
  const { loop, call, callee, definition, via } = found;
  const evidence: Evidence[] = [
    {
      label: `Loop in ${loop.symbol}`,
      ...(via.length > 1 && { detail: `reached by ${via.join(' > ')}` }),
      file: loop.file,
      line: loop.start.line,
    },
    { label: `Awaited call of ${callee}`, file: call.file, line: call.start.line },
    ...(definition === undefined
      ? []
      : [
          { label: `Definition of ${definition.symbol}`, file: definition.file, line: definition.start.line },
        ]),
    { label: 'Repeated call', detail: figuresOf(child) },
    ...(await ports.lastChanges(loop)),
  ];
  return {
    cause: 'awaited-call-in-loop',
    message: `${loop.symbol} awaits ${callee} in every round of a loop, so that the calls wait for each other.`,
    score,
    site: loop,
    evidence,
    detail: { k: 'awaited-call-in-loop', call, callee, ...(definition !== undefined && { definition }) },
  };
}

function figuresOf({ name, perCall, ms, perCallBefore }: RepeatedChild): string {
  const before = perCallBefore === undefined ? '' : ` (before: ${round(perCallBefore)})`;
  return `${name}: ${round(perCall)} per call${before}, ${round(ms)} ms each`;
}

const round = (value: number): string => String(Math.round(value * 10) / 10);
