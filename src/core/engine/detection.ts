import { parseLedger } from '../deliver/ledger.ts';
import { readSutureFile } from '../deliver/git/suture-files.ts';
import { parseSuppressions, suppressionState } from '../deliver/suppressions.ts';
import { detectAll, figureOf } from '../detect/detect.ts';
import { track } from '../detect/track.ts';
import { isMuted, trustOf, type outcomesOf } from '../learn/learn.ts';
import type { Anomaly, Finding } from '../model/anomaly.ts';
import type { DetectInput, OperationComparison } from '../model/comparison.ts';
import type { Detection } from '../model/healing.ts';
import { HumanError } from '../model/human-error.ts';
import type { Problem } from '../model/problem.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import { epochsOf, type Epoch, type EpochSources } from './epochs.ts';

export interface DetectionOptions extends EpochSources {
  readonly root: string;
  readonly hasTelemetry: () => boolean;
  /** Wall clock, milliseconds since the epoch; only decides whether a suppression has expired. */
  readonly now: () => number;
}

/** Anomalies as telemetry, tests and the files in `.suture` say at present. */
export interface AnomalyWatch {
  /** Looks again; the answer is also what `last` gives until the next look. */
  readonly detect: () => Promise<Detection>;
  readonly last: () => Detection;
  readonly find: (fingerprint: string) => Anomaly | undefined;
  /** What a finding was made from: the newest comparison of its operation. */
  readonly comparisonOf: (finding: Finding) => OperationComparison | undefined;
  readonly epochs: () => readonly Epoch[];
  /** The same as learning reads them. */
  readonly outcomeEpochs: () => Parameters<typeof outcomesOf>[1];
  readonly ledger: () => readonly LedgerEntry[];
}

const severityOrder = { high: 0, medium: 1, low: 2 } as const;

export function createAnomalyWatch(options: DetectionOptions): AnomalyWatch {
  const { root } = options;
  let detection: Detection = {
    anomalies: [],
    tooFew: [],
    compared: 'Nothing was compared yet.',
    problems: [],
  };
  let epochs: readonly Epoch[] = [];
  let ledger: readonly LedgerEntry[] = [];

  const look = async (): Promise<Detection> => {
    const refused: Problem[] = [];
    const read = async (name: 'suppressions.json' | 'ledger.jsonl'): Promise<string | null> => {
      try {
        return await readSutureFile(root, name);
      } catch (error) {
        if (!(error instanceof HumanError)) throw error;
        refused.push({ file: `.suture/${name}`, code: 'refused-file', message: error.message, count: 1 });
        return null;
      }
    };
    const suppressions = parseSuppressions(await read('suppressions.json'));
    const entries = parseLedger(await read('ledger.jsonl'));
    ledger = entries.entries;
    epochs = epochsOf(options, detectAll);
    const found = track(
      epochs.map(({ release, findings, input }) => ({
        release,
        findings,
        judged: (finding) => figureOf(finding, input) !== null,
        callsOf: (finding) => callsOf(finding, input),
      })),
    );
    const muted = new Set(
      trustOf(ledger).flatMap((trust) =>
        trust.subject.k === 'detector' && isMuted(trust) ? trust.subject.id : [],
      ),
    );
    const anomalies = found
      .map((anomaly): Anomaly => (muted.has(anomaly.detector) ? { ...anomaly, severity: 'low' } : anomaly))
      .map((anomaly): Anomaly => {
        const state = suppressionState(suppressions.suppressions, anomaly.fingerprint, options.now());
        return state.k === 'suppressed' ? { ...anomaly, suppressed: state.by } : anomaly;
      })
      .toSorted(
        (a, b) =>
          rank(a) - rank(b) ||
          severityOrder[a.severity] - severityOrder[b.severity] ||
          b.effect.ratio - a.effect.ratio ||
          (a.fingerprint < b.fingerprint ? -1 : 1),
      );
    return {
      anomalies,
      tooFew: epochs.at(-1)?.tooFew ?? [],
      compared: compared(epochs, options.hasTelemetry(), options.baseline() !== undefined),
      problems: [...refused, ...suppressions.problems, ...entries.problems],
    };
  };

  return {
    async detect() {
      detection = await look();
      return detection;
    },
    last: () => detection,
    find: (fingerprint) => detection.anomalies.find((anomaly) => anomaly.fingerprint === fingerprint),
    comparisonOf: ({ operation, release }) =>
      epochs
        .find((epoch) => epoch.release === release)
        ?.input.comparisons.find((comparison) => comparison.operation.id === operation?.id),
    epochs: () => epochs,
    outcomeEpochs: () =>
      epochs.map(({ release, findings, input }) => ({
        release,
        findings,
        figure: (claim) => figureOf(claim, input),
      })),
    ledger: () => ledger,
  };
}

function callsOf({ operation }: Finding, { comparisons }: DetectInput): number | null {
  if (operation === undefined) return null;
  const own = comparisons.find((comparison) => comparison.operation.id === operation.id);
  if (own !== undefined) return own.now.calls;
  const { service, environment } = operation;
  const runs = comparisons.some(
    ({ operation: other }) => other.service === service && other.environment === environment,
  );
  return runs ? 0 : null;
}

const rank = ({ state, suppressed }: Anomaly): number => (state === 'resolved' ? 2 : suppressed ? 1 : 0);

function compared(epochs: readonly Epoch[], hasTelemetry: boolean, withBaseline: boolean): string {
  const newest = epochs.at(-1);
  if (!hasTelemetry || newest === undefined) return 'No telemetry has been read.';
  if (withBaseline) return `${newest.release} was compared with the baseline.`;
  const before = new Set(newest.input.comparisons.flatMap(({ before: sample }) => sample?.release ?? []));
  if (before.size === 0) {
    const [why] = newest.input.comparisons.flatMap((comparison) => comparison.why ?? []);
    return `${newest.release} could not be compared with anything. ${why ?? ''}`.trim();
  }
  if (before.size === 1 && before.has(newest.release)) {
    return `The last 24 hours of ${newest.release} were compared with the 24 hours before.`;
  }
  return `${newest.release} was compared with ${[...before].join(', ')}.`;
}
