import type { Anomaly, Evidence } from '../../core/model/anomaly.ts';
import type { Explanation } from '../../core/model/healing.ts';
import {
  headline,
  isOpen,
  placeText,
  severityText,
  stateText,
  unjudgedText,
  whereText,
} from './anomaly-text.ts';
import { escapeLabel } from './escape.ts';
import { formatPercent } from './figures.ts';
import type { Freshness } from './lens-text.ts';
import type { Translate } from './translate.ts';

export type AnomalyGroupKey = 'open' | 'suppressed' | 'resolved';

export interface AnomalyRow {
  readonly anomaly: Anomaly;
  readonly label: string;
  readonly description: string;
}

export interface AnomalyGroup {
  readonly key: AnomalyGroupKey;
  readonly label: string;
  readonly description: string;
  readonly rows: readonly AnomalyRow[];
}

/** What stands beneath an anomaly: why it is there, and what shows that it is. */
export interface ClueRow {
  readonly kind: 'cause' | 'evidence' | 'note';
  readonly label: string;
  readonly description: string;
  /** Whole text, not cut; untrusted. */
  readonly text: string;
  /** Posix, relative to the workspace; a click opens it. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  readonly children: readonly ClueRow[];
}

const groupOf = (anomaly: Anomaly): AnomalyGroupKey =>
  anomaly.state === 'resolved' ? 'resolved' : isOpen(anomaly) ? 'open' : 'suppressed';

/** Anomalies in the order of detection (gravest first), by what is asked of a person; empty groups are left out. */
export function anomalyGroups(
  anomalies: readonly Anomaly[],
  { t, freshness }: { readonly t: Translate; readonly freshness: Freshness },
): readonly AnomalyGroup[] {
  const names = { open: t('Open'), suppressed: t('Suppressed'), resolved: t('Resolved') };
  return (['open', 'suppressed', 'resolved'] as const).flatMap((key) => {
    const rows = anomalies
      .filter((anomaly) => groupOf(anomaly) === key)
      .map((anomaly): AnomalyRow => {
        const { severity, suppressed } = anomaly;
        const parts = [
          ...(key === 'open' ? [severityText(severity, t)] : []),
          whereText(anomaly),
          stateText(anomaly, t),
          ...[unjudgedText(anomaly, t)].filter((text) => text !== ''),
          ...(key === 'suppressed' ? [escapeLabel(suppressed?.reason ?? '', 80)] : []),
        ];
        return { anomaly, label: headline(anomaly, t), description: parts.join(' · ') };
      });
    if (rows.length === 0) return [];
    const description = freshness === 'stale' ? t('{0}, stale', rows.length) : String(rows.length);
    return [{ key, label: names[key], description, rows }];
  });
}

function clue(kind: ClueRow['kind'], evidence: Evidence, children: readonly ClueRow[] = []): ClueRow {
  const { label, detail, file, line, traceId } = evidence;
  const place = placeText(evidence);
  const trace = traceId === undefined ? '' : `trace ${traceId}`;
  const text = [label, detail ?? '', place, trace].filter((part) => part !== '').join('\n');
  return {
    kind,
    label: escapeLabel(label, 160),
    description: escapeLabel([detail ?? place, trace].filter((part) => part !== '').join(' · '), 160),
    text,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    children,
  };
}

/** Causes with their evidence, likeliest first, then the evidence of the anomaly; `missing` says why there is no cause. */
export function clueRows(
  anomaly: Anomaly,
  explanation: Explanation | undefined,
  missing: string,
  t: Translate,
): readonly ClueRow[] {
  const causes = (explanation?.diagnosis.causes ?? []).map(({ message, score, site, evidence }) => {
    const row = clue(
      'cause',
      { label: message, ...(site === undefined ? {} : { file: site.file, line: site.start.line }) },
      evidence.map((one) => clue('evidence', one)),
    );
    return { ...row, description: t('cause, {0}', formatPercent(score)) };
  });
  const why = explanation === undefined ? missing : (explanation.diagnosis.why ?? '');
  const note =
    causes.length === 0 && why !== ''
      ? [{ ...clue('note', { label: why }), description: t('no cause known') }]
      : [];
  return [...causes, ...note, ...anomaly.evidence.map((one) => clue('evidence', one))];
}
