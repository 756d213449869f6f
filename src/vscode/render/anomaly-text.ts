import type { Anomaly, Evidence, Severity } from '../../core/model/anomaly.ts';
import { escapeLabel } from './escape.ts';
import { formatPercent } from './figures.ts';
import type { Translate } from './translate.ts';

/** Neither resolved nor suppressed: it asks for something. */
export function isOpen({ state, suppressed }: Anomaly): boolean {
  return state !== 'resolved' && suppressed === undefined;
}

/** The finding with its figure in as few words as there are: `28 % errors`, `12 calls in a row`, `4.1x as slow`, `no test`. */
export function headline({ subject, effect }: Anomaly, t: Translate): string {
  switch (subject.k) {
    case 'repeated-call':
      return t('{0} calls in a row', subject.perCall);
    case 'error-group':
      return t('{0} errors', formatPercent(effect.after));
    case 'latency':
      return t('{0}x as slow', Number(effect.ratio.toPrecision(2)));
    case 'no-test':
      return subject.level === 'placeholder' ? t('only a placeholder test') : t('no test');
  }
}

/** What it happens to: the operation as telemetry names it, else the handler. Made safe for labels. */
export function whereText({ operation, handlerId = '' }: Anomaly): string {
  return escapeLabel(operation?.name ?? handlerId.split('#').at(-1) ?? '', 120);
}

export function severityText(severity: Severity, t: Translate): string {
  return { high: t('high'), medium: t('medium'), low: t('low') }[severity];
}

/** Since when it is there, or why it does not count. */
export function stateText({ state, suppressed }: Anomaly, t: Translate): string {
  if (state !== 'resolved' && suppressed !== undefined)
    return suppressed.until === undefined ? t('for good') : t('until {0}', escapeLabel(suppressed.until, 20));
  return {
    new: t('new'),
    continuing: t('continuing'),
    resolved: t('resolved'),
    reopened: t('reopened'),
  }[state];
}

/** That the newest release can neither show it nor call it gone; the empty string where it can. */
export function unjudgedText({ unjudged }: Anomaly, t: Translate): string {
  if (unjudged === undefined) return '';
  const release = escapeLabel(unjudged.release, 40);
  return unjudged.calls === 0
    ? t('not called in {0} yet', release)
    : t('not to be judged in {0}: {1} calls', release, unjudged.calls);
}

/** `path:line` of a piece of evidence; the empty string where it has no place. Not escaped. */
export function placeText({ file, line }: Evidence): string {
  return file === undefined ? '' : line === undefined ? file : `${file}:${String(line)}`;
}

/** What a quick fix of this anomaly promises; what it really does is known when it is made. */
export function fixTitle({ subject }: Anomaly, t: Translate): string {
  return {
    'repeated-call': t('Fix: have the calls of this loop under way at once…'),
    'error-group': t('Fix: guard the line that throws…'),
    latency: t('Fix: look for what made it slow…'),
    'no-test': t('Generate a test from recorded calls…'),
  }[subject.k];
}
