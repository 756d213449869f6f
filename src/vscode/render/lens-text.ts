import type { Anomaly } from '../../core/model/anomaly.ts';
import type { HandlerModel } from '../../core/model/read-model.ts';
import type { OperationMetrics } from '../../core/model/window.ts';
import { headline } from './anomaly-text.ts';
import { escapeLabel, oneLine } from './escape.ts';
import {
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  formatRatio,
  isNotable,
  primaryMetrics,
  wellSampled,
} from './figures.ts';
import { testsText } from './tests-text.ts';
import type { Translate } from './translate.ts';

/** What the figures of a workspace folder are worth right now. */
export type Freshness = 'indexing' | 'reading' | 'live' | 'stale';

export interface LensContext {
  readonly t: Translate;
  /** Segments between ` · `; a segment whose places are all empty is left out. */
  readonly template: string;
  readonly freshness: Freshness;
  /** Open ones of a handler, gravest first; absent: none are known. */
  readonly anomaliesOf?: (handlerId: string) => readonly Anomaly[];
}

/** Longest reason that still fits behind `no calls yet`. */
const shortReason = 40;

/** Names of the places a template may use. */
export const templatePlaces = [
  'p50',
  'p95',
  'p99',
  'max',
  'change',
  'n',
  'errors',
  'clientErrors',
  'calls',
  'rate',
  'tests',
  'release',
  'more',
  'anomalies',
] as const;

type Places = Readonly<Record<(typeof templatePlaces)[number], string>>;

function moreText(primary: OperationMetrics, all: readonly OperationMetrics[], t: Translate): string {
  const others = all.filter((metrics) => metrics !== primary);
  const other = others[0];
  if (other === undefined) return '';
  if (others.length === 1 && other.release !== primary.release && other.percentiles !== null) {
    return t(
      '{0} still live: p95 {1}',
      escapeLabel(other.release, 24),
      formatDuration(other.percentiles.p95Ms),
    );
  }
  return t('+{0} more', others.length);
}

/** Anomalies that no other place of the template tells already: figures, errors and tests have theirs. */
function anomaliesText(anomalies: readonly Anomaly[], t: Translate): string {
  const repeated = anomalies.find(({ subject }) => subject.k === 'repeated-call');
  return repeated === undefined ? '' : `$(warning) ${headline(repeated, t)}`;
}

function placesOf(metrics: OperationMetrics, model: HandlerModel, context: LensContext): Places {
  const { t } = context;
  const { percentiles, baseline, calls } = metrics;
  const max = t('max {0}', formatDuration(metrics.maxMs));
  const percentile = (name: string, value: number | undefined): string =>
    value === undefined ? '' : `${name} ${formatDuration(value)}`;
  const change =
    percentiles !== null && baseline.kind !== 'none' && isNotable(percentiles.p95Ms, baseline.p95Ms)
      ? formatRatio(percentiles.p95Ms, baseline.p95Ms)
      : null;
  const count = calls === 1 ? t('1 call') : t('{0} calls', formatCount(calls));
  return {
    p50: percentile('p50', percentiles?.p50Ms),
    // Under five calls there is no percentile to show; the slowest call is a fact.
    p95: percentiles === null ? max : percentile('p95', percentiles.p95Ms),
    p99: percentile('p99', percentiles?.p99Ms),
    max,
    change: change === null ? '' : `(${change})`,
    n: calls < wellSampled ? `n ${String(calls)}` : '',
    errors: t('{0} errors', formatPercent(metrics.errorRate)),
    clientErrors:
      metrics.clientErrors === 0 ? '' : t('{0} client errors', formatPercent(metrics.clientErrors / calls)),
    calls: count,
    rate: formatRate(calls, metrics.fromMs, metrics.toMs) ?? count,
    tests: testsText(model.tests, t),
    release: escapeLabel(metrics.release, 40),
    more: moreText(metrics, model.metrics, t),
    anomalies: anomaliesText(context.anomaliesOf?.(model.handler.id) ?? [], t),
  };
}

function fill(template: string, places: Places): string {
  const segments: string[] = [];
  for (const segment of template.split(' · ')) {
    let asked = 0;
    let answered = 0;
    const filled = segment.replace(/\{(\w+)\}/g, (whole, name: string) => {
      if (!(name in places)) return whole;
      asked += 1;
      const value = places[name as keyof Places];
      if (value !== '') answered += 1;
      return value;
    });
    if (asked === 0 || answered > 0) segments.push(filled.replace(/ {2,}/g, ' ').trim());
  }
  return segments.filter((segment) => segment !== '').join(' · ');
}

function emptyText(model: HandlerModel, { t, freshness }: LensContext): string {
  if (freshness === 'indexing') return t('indexing…');
  if (freshness === 'reading') return t('reading telemetry…');
  const reason = escapeLabel((model.emptyReason ?? '').replace(/\.$/, ''), 400);
  const short = reason !== '' && reason.length <= shortReason;
  return short ? `${t('no calls yet')} (${reason})` : t('no calls yet');
}

/** One line for a handler: `p95 48.2 ms (3.1x) · 2.4 % errors · 1.2k/h · 5 tests pass`. */
export function lensText(model: HandlerModel, context: LensContext): string {
  const { t } = context;
  const primary = primaryMetrics(model.metrics);
  const tests = testsText(model.tests, t);
  const parts =
    primary === undefined
      ? [emptyText(model, context), tests]
      : [
          fill(context.template, placesOf(primary, model, context)),
          model.editedSinceMeasured ? t('measured before your edit') : '',
        ];
  if (context.freshness === 'stale') parts.push(t('stale'));
  return parts.filter((part) => part !== '').join(' · ');
}

/** Plain text behind the lens: why there is nothing, or what a click does. */
export function lensTooltip(model: HandlerModel, context: LensContext): string {
  const { t } = context;
  const primary = primaryMetrics(model.metrics);
  const first =
    primary === undefined
      ? oneLine(model.emptyReason ?? '', 400)
      : t('{0} calls of release {1}', formatCount(primary.calls), oneLine(primary.release, 60));
  const stale =
    context.freshness === 'stale' ? t('The engine is restarting; these are the last known figures.') : '';
  return [first, stale, t('Click for details')].filter((line) => line !== '').join('\n');
}

/** What tells this handler from others on the same line. */
export function lensLabel(model: HandlerModel): string {
  const { handler } = model;
  return escapeLabel(handler.symbol.startsWith('<') ? routeLabel(model) : handler.symbol, 60);
}

/** `GET /users/:id`, an event, or the symbol where there is neither. */
export function routeLabel(model: HandlerModel): string {
  const { handler } = model;
  if (handler.kind === 'route' && handler.route !== undefined) {
    return escapeLabel(`${handler.method ?? ''} ${handler.route}`.trim(), 120);
  }
  return escapeLabel(handler.event ?? handler.symbol, 120);
}

/** True for code that runs before or around the handler of a request. */
export function isMiddleware(model: HandlerModel): boolean {
  return model.handler.kind === 'middleware' || model.handler.kind === 'error-middleware';
}
