import type { Anomaly } from '../../core/model/anomaly.ts';
import type { HandlerModel } from '../../core/model/read-model.ts';
import type { OperationMetrics } from '../../core/model/window.ts';
import { headline } from './anomaly-text.ts';
import { commandLink, escapeMarkdown } from './escape.ts';
import {
  formatCount,
  formatDuration,
  formatPercent,
  formatPeriod,
  formatRate,
  formatRatio,
  formatTime,
  primaryMetrics,
  wellSampled,
} from './figures.ts';
import { firstOwnFrame } from './frames.ts';
import { routeLabel, type Freshness } from './lens-text.ts';
import { slotsOf, sparkline } from './sparkline.ts';
import { markdownTable } from './table.ts';
import { hasTests, testsText } from './tests-text.ts';
import type { Translate } from './translate.ts';

export interface HoverContext {
  readonly t: Translate;
  readonly freshness: Freshness;
  /** Absolute path of the workspace folder; makes frames relative and goes into command arguments. */
  readonly root: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly nowMs: number;
  /** Target of a link to a line (from 1) of a file of the workspace; its parentheses must be encoded. */
  readonly linkTo: (file: string, line: number) => string;
  /** True where the workspace is trusted, so that its tests may be run. */
  readonly canRun: boolean;
  /** Open ones of a handler, gravest first; absent: none are known. */
  readonly anomaliesOf?: (handlerId: string) => readonly Anomaly[];
}

const rungText = (rung: number, t: Translate): string =>
  ({
    1: t('mapped by the code attributes of its spans (rung 1)'),
    2: t('mapped by route or event (rung 2)'),
    3: t('mapped by a stack frame (rung 3)'),
    4: t('mapped by its unique name (rung 4)'),
  })[rung] ?? '';

/** `3 h ago`; whole units, never negative. */
export function ageText(thenMs: number, nowMs: number, t: Translate): string {
  const minutes = Math.floor(Math.max(0, nowMs - thenMs) / 60_000);
  if (minutes < 1) return t('just now');
  if (minutes < 120) return t('{0} min ago', minutes);
  if (minutes < 48 * 60) return t('{0} h ago', Math.floor(minutes / 60));
  return t('{0} days ago', Math.floor(minutes / 1440));
}

/** The editor draws columns without a gap, and takes plain white space away. */
const spaced = (cell: string, column: number): string => (column === 0 ? cell : `&nbsp;&nbsp;${cell}`);

/** Current figures over the baseline's: a row each, and one of ratios. */
export function figuresTable(metrics: OperationMetrics, t: Translate): string {
  const { percentiles, baseline } = metrics;
  const compared = baseline.kind === 'none' ? undefined : baseline;
  const client = metrics.clientErrors > 0;
  const head = ['', 'p50', 'p95', 'p99', 'max', t('errors'), ...(client ? [t('4xx')] : []), 'n'];
  const duration = (ms: number | undefined): string => (ms === undefined ? '–' : formatDuration(ms));
  const now = [
    escapeMarkdown(metrics.release, 40),
    duration(percentiles?.p50Ms),
    duration(percentiles?.p95Ms),
    duration(percentiles?.p99Ms),
    formatDuration(metrics.maxMs),
    formatPercent(metrics.errorRate),
    ...(client ? [formatPercent(metrics.clientErrors / metrics.calls)] : []),
    String(metrics.calls),
  ];
  if (compared === undefined) return markdownTable(head.map(spaced), [now.map(spaced)]);
  const ratio = (current: number | undefined, before: number): string =>
    (current === undefined ? null : formatRatio(current, before)) ?? '';
  const gap = client ? [''] : [];
  const before = [
    compared.kind === 'period' ? t('the period before') : escapeMarkdown(compared.release, 40),
    duration(compared.p50Ms),
    duration(compared.p95Ms),
    '',
    '',
    formatPercent(compared.errorRate),
    ...gap,
    String(compared.calls),
  ];
  const change = [
    t('change'),
    ratio(percentiles?.p50Ms, compared.p50Ms),
    ratio(percentiles?.p95Ms, compared.p95Ms),
    '',
    '',
    ratio(metrics.errorRate, compared.errorRate),
    ...gap,
    '',
  ];
  return markdownTable(
    head.map(spaced),
    [now, before, change].map((row) => row.map(spaced)),
  );
}

/** Failures by count, each with its first own frame. */
export function errorLines(
  metrics: OperationMetrics,
  limit: number,
  context: HoverContext,
): readonly string[] {
  const groups = [...metrics.errorGroups].sort((left, right) => right.count - left.count);
  const lines = groups.slice(0, limit).map((group) => {
    const frame = group.stack === undefined ? null : firstOwnFrame(group.stack, context.root);
    const what = [group.type, group.message]
      .filter((part) => part !== '')
      .map((part) => escapeMarkdown(part, 160))
      .join(': ');
    return `- ${formatCount(group.count)} × ${what}${frame === null ? '' : ` (${escapeMarkdown(frame, 120)})`}`;
  });
  const rest = groups.length - lines.length;
  return rest > 0 ? [...lines, `- ${context.t('and {0} more kinds', rest)}`] : lines;
}

/** Tests tied to the handler with their states, failing ones first. */
export function testLines(model: HandlerModel, limit: number, context: HoverContext): readonly string[] {
  const { t } = context;
  const marks = { failed: '✗', passed: '✓', skipped: '○', 'not-run': '○' } as const;
  const order = { failed: 0, passed: 1, skipped: 2, 'not-run': 3 } as const;
  const rows = (model.tests?.tests ?? []).map((row) => ({
    ...row,
    state: row.result?.state ?? ('not-run' as const),
  }));
  rows.sort((left, right) => order[left.state] - order[right.state]);
  const lines = rows.slice(0, limit).map(({ test, state, result }) => {
    const title = escapeMarkdown([...test.suite, test.title].join(' > '), 120);
    const stale = result?.stale === true ? ` (${t('older than the code')})` : '';
    return `- ${marks[state]} ${state} [${title}](${context.linkTo(test.file, test.start.line)})${stale}`;
  });
  return rows.length > limit ? [...lines, `- ${t('and {0} more tests', rows.length - limit)}`] : lines;
}

/** Where, over which time and by what the figures were measured. */
export function provenance(metrics: OperationMetrics, model: HandlerModel, context: HoverContext): string {
  const { t } = context;
  const { operation } = metrics;
  const where = [operation.service, operation.environment]
    .filter((part) => part !== '')
    .map((part) => escapeMarkdown(part, 60));
  return [
    ...where,
    formatPeriod(metrics.fromMs, metrics.toMs),
    t('measured {0}', ageText(metrics.toMs, context.nowMs, t)),
    ...(metrics.calls < wellSampled ? [t('only {0} calls: read percentiles with care', metrics.calls)] : []),
    rungText(model.rung ?? 0, t),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function measured(metrics: OperationMetrics, model: HandlerModel, context: HoverContext): readonly string[] {
  const { t } = context;
  const slots = slotsOf(metrics.series);
  const rate = formatRate(metrics.calls, metrics.fromMs, metrics.toMs);
  const blocks = [figuresTable(metrics, t)];
  if (metrics.baseline.kind === 'none')
    blocks.push(t('No baseline: {0}', escapeMarkdown(metrics.baseline.reason)));
  const flow = [slots.length > 1 ? `p95 ${sparkline(slots)}` : '', rate ?? ''].filter((part) => part !== '');
  if (flow.length > 0) blocks.push(flow.join(' · '));
  const errors = errorLines(metrics, 3, context);
  if (errors.length > 0) blocks.push(`**${t('Errors')}**\n\n${errors.join('\n')}`);
  if (metrics.slowest !== undefined) {
    const { durationMs, startMs, traceId } = metrics.slowest;
    blocks.push(
      t(
        'Slowest: {0} at {1} UTC, trace {2}',
        formatDuration(durationMs),
        formatTime(startMs, true),
        escapeMarkdown(traceId, 40),
      ),
    );
  }
  const others = model.metrics
    .filter((other) => other !== metrics)
    .slice(0, 4)
    .map((other) => {
      const p95 =
        other.percentiles === null
          ? `max ${formatDuration(other.maxMs)}`
          : `p95 ${formatDuration(other.percentiles.p95Ms)}`;
      const name = [other.release, other.operation.service, other.operation.environment].filter(
        (part) => part !== '',
      );
      return `- ${name.map((part) => escapeMarkdown(part, 40)).join(' · ')}: ${p95}, ${t('{0} errors', formatPercent(other.errorRate))}, n ${String(other.calls)}`;
    });
  if (others.length > 0) blocks.push(`**${t('Also live')}**\n\n${others.join('\n')}`);
  blocks.push(provenance(metrics, model, context));
  return blocks;
}

/** First line: what the handler answers and, where it has one, its name. */
export function handlerTitle(model: HandlerModel): string {
  const label = routeLabel(model);
  const { symbol, framework } = model.handler;
  const name = symbol === label || symbol.startsWith('<') ? '' : ` · ${escapeMarkdown(symbol, 80)}`;
  return `**${escapeMarkdown(label)}**${name} · ${escapeMarkdown(framework, 40)}`;
}

/** What is out of date about the figures; the empty string where nothing is. */
export function stalenessText(model: HandlerModel, context: HoverContext): string {
  const { t } = context;
  if (context.freshness === 'stale')
    return t('Stale: the engine is restarting; these are the last known figures.');
  if (model.metrics.length > 0 && model.editedSinceMeasured)
    return t('Measured before your edit of this function.');
  return '';
}

/** The anomalies of a handler, each with a way to its row. */
function anomalyLines(model: HandlerModel, { t, root, anomaliesOf }: HoverContext): readonly string[] {
  return (anomaliesOf?.(model.handler.id) ?? []).slice(0, 3).map((anomaly) => {
    const args = [{ root, fingerprint: anomaly.fingerprint }];
    return `⚠ ${escapeMarkdown(headline(anomaly, t))} · ${commandLink(t('Show anomaly'), 'suture.showAnomaly', args)}`;
  });
}

/** The hover of one handler; every piece that came from telemetry is escaped. */
export function hoverMarkdown(model: HandlerModel, context: HoverContext): string {
  const { t, root } = context;
  const primary = primaryMetrics(model.metrics);
  const blocks = [handlerTitle(model)];
  const stale = stalenessText(model, context);
  if (stale !== '') blocks.push(`*${stale}*`);
  blocks.push(...anomalyLines(model, context));
  if (primary === undefined)
    blocks.push(`${t('No calls yet.')} ${escapeMarkdown(model.emptyReason ?? '', 500)}`);
  else blocks.push(...measured(primary, model, context));
  const tests = testsText(model.tests, t);
  if (tests !== '')
    blocks.push(
      [`**${t('Tests')}**: ${tests}`, ...testLines(model, 5, context)]
        .join('\n\n')
        .replace(/\n\n- /g, '\n- ')
        .replace('\n- ', '\n\n- '),
    );
  const args = [{ root, id: model.handler.id }];
  blocks.push(
    [
      commandLink(t('Details'), 'suture.showHandlerDetails', args),
      ...(context.canRun && hasTests(model.tests)
        ? [commandLink(t('Run tests'), 'suture.runTests', args)]
        : []),
      commandLink(t('Copy handler id'), 'suture.copyHandlerId', args),
      ...(primary === undefined
        ? [commandLink(t('Why is there nothing here?'), 'suture.doctor', [{ root }])]
        : []),
    ].join(' · '),
  );
  return blocks.join('\n\n');
}

/** The commands that a hover may link to. */
export const hoverCommands = [
  'suture.showHandlerDetails',
  'suture.runTests',
  'suture.copyHandlerId',
  'suture.doctor',
  'suture.showAnomaly',
] as const;
