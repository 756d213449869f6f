import type { Anomaly, Evidence } from '../../core/model/anomaly.ts';
import type { Detection } from '../../core/model/healing.ts';
import type { Command, CommandResult } from '../command.ts';
import { printable, table } from '../table.ts';

/** What production does that it did not do before, or that no test watches. */
export const anomalies: Command = {
  id: 'anomalies',
  summary: 'List what went wrong: latency regressions, repeated calls, error bursts, untested hot handlers',
  flags: {
    baseline: {
      type: 'string',
      help: 'telemetry folder or file to compare with, as it is, instead of the release before',
    },
    all: { type: 'boolean', help: 'list resolved and suppressed ones too' },
  },
  positionals: [],
  async run(engine, line) {
    const detection = await engine.healing.detect();
    const result = listed(detection, line.flags['all'] === true);
    return { ...result, problems: [...engine.doctor().problems, ...result.problems] };
  },
};

/** Those that ask for something: neither resolved nor suppressed. */
export const isOpen = ({ state, suppressed }: Anomaly): boolean =>
  state !== 'resolved' && suppressed === undefined;

function listed({ anomalies: found, tooFew, compared, problems }: Detection, all: boolean): CommandResult {
  const shown = all ? found : found.filter(isOpen);
  const rows = shown.map((anomaly) => [
    anomaly.fingerprint,
    anomaly.suppressed === undefined ? anomaly.state : 'suppressed',
    anomaly.severity,
    anomaly.detector,
    `${anomaly.message}${unjudgedText(anomaly)}`,
  ]);
  const hidden = found.length - shown.length;
  const few = tooFew.map(({ operation, have, need }) => `${operation.name} (${have} of ${need} calls)`);
  const text = [
    `${compared}\n`,
    rows.length === 0
      ? 'No anomaly.\n'
      : `\n${table(['fingerprint', 'state', 'severity', 'detector', 'what'], rows)}`,
    hidden === 0 ? '' : `\n${hidden} resolved or suppressed (--all shows them).\n`,
    few.length === 0 ? '' : `\nToo few calls to judge: ${few.join(', ')}.\n`,
  ].join('');
  return {
    data: {
      compared,
      anomalies: shown.map(anomalyData),
      tooFew: tooFew.map(({ operation, have, need }) => ({ operation: operation.name, service: operation.service, have, need })),
    }, // prettier-ignore
    text,
    problems,
    findings: found.some(isOpen),
  };
}

function unjudgedText({ unjudged }: Anomaly): string {
  if (unjudged === undefined) return '';
  const { release, calls } = unjudged;
  return calls === 0
    ? ` Not called in ${release} yet.`
    : ` Not to be judged in ${release}: ${calls} call${calls === 1 ? '' : 's'}.`;
}

/** An anomaly as `--json` shows it. */
export function anomalyData(anomaly: Anomaly): unknown {
  const { fingerprint, kind, detector, operation, handlerId, severity, confidence, message } = anomaly;
  const { state, seenIn, unjudged, release, baselineRelease, effect, evidence, suppressed } = anomaly;
  return {
    fingerprint, kind, detector, state, seenIn, unjudged: unjudged ?? null,
    operation: operation?.name ?? null, service: operation?.service ?? null, handlerId: handlerId ?? null,
    severity, confidence, message, release, baselineRelease, effect, evidence,
    suppressed: suppressed ?? null,
  }; // prettier-ignore
}

/** Evidence as indented lines, each with its place. */
export function evidenceLines(evidence: readonly Evidence[]): string {
  return evidence
    .map(({ label, detail, file, line, traceId }) => {
      const at = file === undefined ? '' : `  ${file}${line === undefined ? '' : `:${line}`}`;
      const trace = traceId === undefined ? '' : `  (trace ${traceId})`;
      return `${printable(`  - ${label}${detail === undefined ? '' : `: ${detail}`}${at}${trace}`)}\n`;
    })
    .join('');
}
