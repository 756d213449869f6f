import type { Evidence } from '../../model/anomaly.ts';
import type { OperationSample } from '../../model/comparison.ts';
import type { Cause } from '../../model/diagnosis.ts';
import type { CauseFinder } from '../cause-finder.ts';
import { addedTimeExample } from '../examples/added-time.ts';

/** Share of the added time that one thing must take to be named for it. */
const mostOfIt = 0.5;

/** Where the added time of a call is spent: in one thing that it calls, or in the handler's own code. */
export const addedTime: CauseFinder = {
  id: 'added-time',
  title: 'Where the added time is spent',
  explains: ['latency-regression'],
  async find({ finding, handler, comparison }, ports) {
    if (finding.subject.k !== 'latency' || !comparison?.before?.shape || !comparison.now.shape) return [];
    const { now, before } = comparison;
    const added = meanOf(now) - meanOf(before);
    if (added <= 0) return [];
    const site = handler?.resolved === true ? { ...handler } : undefined;
    const place = site && { file: site.file, start: site.start, end: site.end, symbol: site.symbol };
    const changes = place === undefined ? [] : await ports.lastChanges(place);
    const spentBefore = childTimes(before);
    const children = [...childTimes(now)]
      .map(([name, ms]) => ({ name, ms, added: ms - (spentBefore.get(name) ?? 0) }))
      .toSorted((a, b) => b.added - a.added);
    const inChildren = children.reduce((sum, child) => sum + child.added, 0);
    const [slowest] = children;
    const whole: Evidence = {
      label: 'Added to the mean of a call',
      detail: `${round(added)} ms, of which ${round(Math.max(0, inChildren))} ms in what it calls`,
    };
    if (slowest !== undefined && slowest.added > added * mostOfIt) {
      const detail = `${round(slowest.ms)} ms per call, before ${round(spentBefore.get(slowest.name) ?? 0)} ms`;
      return [
        cause(`Most of the added time is spent in ${slowest.name}.`, [
          whole,
          { label: slowest.name, detail },
          ...changes,
        ]),
      ];
    }
    if (place === undefined || inChildren > added * mostOfIt) return [];
    const own: Evidence = { label: `${place.symbol} itself`, file: place.file, line: place.start.line };
    const message = `What it calls takes no longer than before: the time is spent in ${place.symbol} itself or in what has no span.`;
    return [{ ...cause(message, [whole, own, ...changes]), site: place }];
  },
  example: addedTimeExample,
};

function cause(message: string, evidence: readonly Evidence[]): Cause {
  // Says where to look, not what is wrong: whoever knows a line comes first.
  return { cause: 'added-time', message, score: 0.4, evidence, detail: { k: 'none' } };
}

function meanOf({ latency, calls }: OperationSample): number {
  return latency.reduce((sum, [ms, count]) => sum + ms * count, 0) / Math.max(1, calls);
}

/** Milliseconds per call by name of what is called; of calls at the same time only their share counts. */
function childTimes({ shape }: OperationSample): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { name, durationSumMs, total, overlapping } of shape?.children ?? []) {
    const alone = total === 0 ? 0 : (total - overlapping) / total;
    times.set(name, (times.get(name) ?? 0) + (durationSumMs * alone) / Math.max(1, shape?.calls ?? 0));
  }
  return times;
}

const round = (ms: number): number => Number(ms.toPrecision(2));
