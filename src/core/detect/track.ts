import type { Anomaly, Finding } from '../model/anomaly.ts';

/** What was found in one release. */
export interface TrackedEpoch {
  readonly release: string;
  readonly findings: readonly Finding[];
  /** False where the release holds too few calls to say that a finding is gone. */
  readonly judged: (finding: Finding) => boolean;
  /** Calls of the finding's operation in the release; null where its service has no such release. */
  readonly callsOf: (finding: Finding) => number | null;
}

interface History extends Pick<Anomaly, 'state' | 'seenIn' | 'unjudged'> {
  readonly finding: Finding;
}

/**
 * The history of every finding over the releases, oldest first. A release that cannot judge a finding leaves it as it
 * was, and is named. Open ones come first, in the order of the newest release that found them; resolved ones last.
 */
export function track(epochs: readonly TrackedEpoch[]): readonly Anomaly[] {
  const histories = new Map<string, History>();
  for (const { release, findings, judged, callsOf } of epochs) {
    const found = new Set(findings.map(({ fingerprint }) => fingerprint));
    for (const [fingerprint, known] of histories) {
      const { finding, seenIn, state } = known;
      if (found.has(fingerprint) || state === 'resolved') continue;
      const calls = callsOf(finding);
      if (judged(finding)) histories.set(fingerprint, { finding, seenIn, state: 'resolved' });
      else if (calls !== null) histories.set(fingerprint, { ...known, unjudged: { release, calls } });
    }
    for (const finding of findings) {
      const known = histories.get(finding.fingerprint);
      // Set again at the end: the newest findings come in the order in which they were made.
      histories.delete(finding.fingerprint);
      histories.set(finding.fingerprint, {
        finding,
        state: known === undefined ? 'new' : known.state === 'resolved' ? 'reopened' : 'continuing',
        seenIn: [...(known?.seenIn ?? []), release],
      });
    }
  }
  const anomalies = [...histories.values()].map(({ finding, ...history }) => ({ ...finding, ...history }));
  const place = (anomaly: Anomaly): number =>
    (anomaly.state === 'resolved' ? epochs.length : 0) +
    epochs.length -
    epochs.findLastIndex(({ release }) => release === anomaly.seenIn.at(-1));
  return anomalies.toSorted((a, b) => place(a) - place(b));
}
