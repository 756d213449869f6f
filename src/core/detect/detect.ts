import type { Finding, Severity } from '../model/anomaly.ts';
import type { DetectInput } from '../model/comparison.ts';
import type { Operation } from '../model/operation.ts';
import type { Claim, Detector, Figure } from './detector.ts';
import * as registry from './detectors/registry.ts';
import { tooFewOf } from './sample.ts';

export interface Detected {
  /** Gravest first, then by effect; one for one fault. */
  readonly findings: readonly Finding[];
  /** Operations that could not be judged: `7 of 30` calls. */
  readonly tooFew: readonly { readonly operation: Operation; readonly have: number; readonly need: number }[];
}

const detectors: readonly Detector[] = Object.values(registry);
const gravity: Readonly<Record<Severity, number>> = { high: 0, medium: 1, low: 2 };

/** Runs every detector. */
export function detectAll(input: DetectInput): Detected {
  const findings = foldLatency(
    detectors.flatMap((detector) => detector.detect(input)),
    input,
  );
  return { findings: findings.toSorted(byGravity), tooFew: tooFewOf(input.comparisons) };
}

/** How the figure of an earlier finding stands in an input, found again or not; null: it cannot be judged there. */
export function figureOf(claim: Claim, input: DetectInput): Figure | null {
  return detectors.find(({ id }) => id === claim.detector)?.figure(claim, input) ?? null;
}

function byGravity(a: Finding, b: Finding): number {
  return (
    gravity[a.severity] - gravity[b.severity] ||
    // Calls without a test are a count and no ratio: they come after what went wrong.
    Number(a.kind === 'coverage') - Number(b.kind === 'coverage') ||
    b.effect.ratio - a.effect.ratio ||
    (a.fingerprint < b.fingerprint ? -1 : 1)
  );
}

/** A slowness that repeated calls explain for the most part is evidence of theirs, not a second anomaly. */
function foldLatency(findings: readonly Finding[], input: DetectInput): readonly Finding[] {
  const folded = new Set<Finding>();
  const kept = findings.map((finding) => {
    const slow = findings.find(
      (other) =>
        other.subject.k === 'latency' &&
        other.operation?.id === finding.operation?.id &&
        addedByRepeats(finding, input) >= 0.5 * (other.effect.after - (other.effect.before ?? 0)),
    );
    if (finding.subject.k !== 'repeated-call' || slow === undefined) return finding;
    folded.add(slow);
    return {
      ...finding,
      evidence: [...finding.evidence, { label: slow.message }, ...slow.evidence],
      ...(gravity[slow.severity] < gravity[finding.severity] ? { severity: slow.severity } : {}),
    };
  });
  return kept.filter((finding) => !folded.has(finding));
}

/** Time per call that the further occurrences take, ms; 0 for findings of other kinds. */
function addedByRepeats({ subject, effect, operation }: Finding, { comparisons }: DetectInput): number {
  if (subject.k !== 'repeated-call') return 0;
  const shape = comparisons.find((each) => each.operation.id === operation?.id)?.now.shape;
  const child = shape?.children.find(({ key }) => key === subject.childKey);
  const each = child === undefined ? subject.childP50Ms : child.durationSumMs / Math.max(1, child.total);
  return (subject.perCall - Math.min(effect.before ?? 0, subject.perCall)) * each;
}
