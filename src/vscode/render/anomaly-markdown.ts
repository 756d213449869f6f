import type { Anomaly, Evidence } from '../../core/model/anomaly.ts';
import type { Diagnosis } from '../../core/model/diagnosis.ts';
import type { Explanation, Learned } from '../../core/model/healing.ts';
import type { Trust } from '../../core/model/ledger.ts';
import { headline, placeText, severityText, stateText, unjudgedText } from './anomaly-text.ts';
import { escapeMarkdown } from './escape.ts';
import { formatDuration, formatPercent } from './figures.ts';
import { markdownTable } from './table.ts';
import type { Translate } from './translate.ts';

export interface AnomalyContext {
  readonly t: Translate;
  /** Target of a link to a line (from 1) of a file of the workspace; its parentheses must be encoded. */
  readonly linkTo: (file: string, line: number) => string;
}

/** Evidence as a list; what has a place links to it. */
export function evidenceList(evidence: readonly Evidence[], { linkTo }: AnomalyContext): string {
  return evidence
    .map((one) => {
      const place = placeText(one);
      const at =
        one.file === undefined
          ? ''
          : ` ([${escapeMarkdown(place, 300)}](${linkTo(one.file, one.line ?? 1)}))`;
      const detail = one.detail === undefined ? '' : `: ${escapeMarkdown(one.detail, 600)}`;
      const trace = one.traceId === undefined ? '' : ` (trace ${escapeMarkdown(one.traceId, 40)})`;
      return `- ${escapeMarkdown(one.label, 400)}${detail}${at}${trace}`;
    })
    .join('\n');
}

/** Before and after of the finding with its interval and sample sizes. */
export function effectTable({ effect, release, baselineRelease }: Anomaly, t: Translate): string {
  const { unit, before, after, n, nBefore, ratio, low, high, measure } = effect;
  const figure = (value: number): string =>
    unit === 'ms'
      ? formatDuration(value)
      : unit === 'rate'
        ? formatPercent(value)
        : String(Number(value.toPrecision(3)));
  const short = (value: number): string => String(Number(value.toPrecision(2)));
  const rows =
    before === null
      ? []
      : [[escapeMarkdown(baselineRelease ?? t('before'), 40), figure(before), String(nBefore)]];
  const table = markdownTable(
    [escapeMarkdown(measure, 120), '', 'n'],
    [...rows, [escapeMarkdown(release, 40), figure(after), String(n)]],
  );
  if (before === null) return table;
  return `${table}\n\n${t('{0} times as much; 95 % interval {1} to {2}', short(ratio), short(low), short(high))}`;
}

/** The causes of a diagnosis, likeliest first, each with its evidence. */
export function causesMarkdown({ causes, why }: Diagnosis, context: AnomalyContext): string {
  const { t } = context;
  if (causes.length === 0) return `${t('No cause was found.')} ${escapeMarkdown(why ?? '', 600)}`;
  return causes
    .map((cause) => {
      const site =
        cause.site === undefined
          ? ''
          : ` [${escapeMarkdown(`${cause.site.file}:${String(cause.site.start.line)}`, 300)}](${context.linkTo(cause.site.file, cause.site.start.line)})`;
      return `**${escapeMarkdown(cause.message, 600)}** (${formatPercent(cause.score)})${site}\n\n${evidenceList(cause.evidence, context)}`;
    })
    .join('\n\n');
}

/** Everything known of an anomaly as a document. */
export function anomalyMarkdown({ anomaly, diagnosis }: Explanation, context: AnomalyContext): string {
  const { t } = context;
  const { fingerprint, detector, severity, confidence, suppressed } = anomaly;
  const blocks = [
    `# ${escapeMarkdown(headline(anomaly, t))}`,
    escapeMarkdown(anomaly.message, 1000),
    suppressed === undefined ? '' : `*${t('Suppressed: {0}', escapeMarkdown(suppressed.reason, 1000))}*`,
    effectTable(anomaly, t),
    evidenceList(anomaly.evidence, context),
    `## ${t('Why')}`,
    causesMarkdown(diagnosis, context),
    `## ${t('What is known of it')}`,
    [
      `- ${t('severity {0}, confidence {1}', severityText(severity, t), formatPercent(confidence))}`,
      `- ${t('state')}: ${stateText(anomaly, t)} (${anomaly.seenIn.map((release) => escapeMarkdown(release, 40)).join(', ')})`,
      ...[unjudgedText(anomaly, t)].filter((text) => text !== '').map((text) => `- ${escapeMarkdown(text)}`),
      `- ${t('detector')}: ${escapeMarkdown(detector, 60)}`,
      `- ${t('fingerprint')}: ${escapeMarkdown(fingerprint, 40)}`,
      ...(anomaly.handlerId === undefined
        ? []
        : [`- ${t('Handler id')}: ${escapeMarkdown(anomaly.handlerId, 600)}`]),
    ].join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** The tooltip of a row: the sentence with its figures and what is known at once. */
export function anomalyTooltip(anomaly: Anomaly, explanation: Explanation | undefined, t: Translate): string {
  const cause = explanation?.diagnosis.causes[0];
  return [
    escapeMarkdown(anomaly.message, 1000),
    ...(cause === undefined ? [] : [`**${t('Why')}**: ${escapeMarkdown(cause.message, 600)}`]),
    ...(anomaly.suppressed === undefined
      ? []
      : [`*${t('Suppressed: {0}', escapeMarkdown(anomaly.suppressed.reason, 1000))}*`]),
    `${escapeMarkdown(anomaly.detector, 60)} · ${severityText(anomaly.severity, t)} · ${stateText(anomaly, t)}`,
  ].join('\n\n');
}

/** How often something worked in this workspace. */
export function trustText(trust: Trust | null, t: Translate): string {
  const refused =
    trust === null || trust.refused === 0 ? '' : ` ${t('Rejections here: {0}.', trust.refused)}`;
  if (trust === null || trust.tried === 0) return `${t('Not tried in this workspace before.')}${refused}`;
  return `${t('Worked {0} of {1} times here.', trust.worked, trust.tried)}${refused}`;
}

/** What became of fixes, and how far recipes and detectors are trusted because of it. */
export function learnedMarkdown({ fixes, trust, problems }: Learned, t: Translate): string {
  const outcomes = {
    fixed: t('fixed'),
    'no-effect': t('no effect'),
    worse: t('worse'),
    reopened: t('reopened'),
  };
  const fixRows = fixes.map(({ recipe, fingerprint, decidedIn, outcome, n, ratio }) => [
    escapeMarkdown(recipe, 60),
    escapeMarkdown(fingerprint, 40),
    escapeMarkdown(decidedIn, 40),
    outcome === null ? t('nothing seen yet') : outcomes[outcome],
    ratio === null ? '' : `${String(Number(ratio.toPrecision(2)))}x`,
    String(n),
  ]);
  const trustRows = trust.map(({ subject, worked, tried, refused, mean, low, high }) => [
    escapeMarkdown(`${subject.k} ${subject.id}`, 80),
    `${String(worked)} / ${String(tried)}`,
    String(refused),
    formatPercent(mean),
    `${formatPercent(low)} – ${formatPercent(high)}`,
  ]);
  const blocks = [
    `# ${t('What became of fixes')}`,
    fixRows.length === 0
      ? t('No fix was applied or put on a branch yet.')
      : markdownTable(
          [t('recipe'), t('anomaly'), t('decided in'), t('outcome'), t('now / then'), 'n'],
          fixRows,
        ),
    `## ${t('Trust')}`,
    trustRows.length === 0
      ? t('Nothing was tried yet.')
      : markdownTable(['', t('worked / tried'), t('rejected'), t('mean'), t('90 % interval')], trustRows),
    ...(problems.length === 0
      ? []
      : [
          `## ${t('Problems')}`,
          problems
            .map(
              ({ file, line, message }) =>
                `- ${escapeMarkdown(placeText({ label: '', file, ...(line === undefined ? {} : { line }) }), 300)}: ${escapeMarkdown(message, 500)}`,
            )
            .join('\n'),
        ]),
  ];
  return `${blocks.join('\n\n')}\n`;
}
