import type { HandlerModel } from '../../core/model/read-model.ts';
import type { OperationMetrics } from '../../core/model/window.ts';
import { escapeMarkdown, oneLine } from './escape.ts';
import { formatRate, formatTime, formatDuration } from './figures.ts';
import {
  errorLines,
  figuresTable,
  provenance,
  stalenessText,
  testLines,
  type HoverContext,
} from './hover-markdown.ts';
import { routeLabel } from './lens-text.ts';
import { slotsOf, sparkline } from './sparkline.ts';
import { testsText } from './tests-text.ts';

/** Untrusted lines as an indented code block, which nothing inside can end. */
function codeBlock(text: string, lines: number): string {
  return text
    .slice(0, 20_000)
    .split('\n')
    .slice(0, lines)
    .map((line) => `    ${oneLine(line, 300)}`)
    .join('\n');
}

function section(metrics: OperationMetrics, model: HandlerModel, context: HoverContext): readonly string[] {
  const { t } = context;
  const blocks = [
    `## ${escapeMarkdown([metrics.operation.name, metrics.release].join(' · '))}`,
    provenance(metrics, model, context),
    figuresTable(metrics, t),
  ];
  if (metrics.baseline.kind === 'none')
    blocks.push(t('No baseline: {0}', escapeMarkdown(metrics.baseline.reason)));
  const slots = slotsOf(metrics.series, 64);
  if (slots.length > 1) blocks.push(`p95 ${sparkline(slots)}`);
  blocks.push(formatRate(metrics.calls, metrics.fromMs, metrics.toMs) ?? '');
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
  if (metrics.errorGroups.length > 0) {
    blocks.push(`### ${t('Errors')}`, errorLines(metrics, 20, context).join('\n'));
    const stacked = metrics.errorGroups.filter((group) => group.stack !== undefined).slice(0, 5);
    for (const group of stacked)
      blocks.push(`${escapeMarkdown(group.type)}:`, codeBlock(group.stack ?? '', 12));
  }
  return blocks;
}

/** Everything known about one handler as a document. */
export function detailsMarkdown(model: HandlerModel, context: HoverContext): string {
  const { t } = context;
  const { handler } = model;
  const blocks = [
    `# ${escapeMarkdown(routeLabel(model))}`,
    [
      `- ${t('Function')}: ${escapeMarkdown(handler.symbol)}, ${escapeMarkdown(handler.file, 400)}:${String(handler.start.line)}`,
      `- ${t('Registered')}: ${escapeMarkdown(handler.registration.file, 400)}:${String(handler.registration.start.line)} (${escapeMarkdown(handler.framework)}, ${handler.kind})`,
      `- ${t('Handler id')}: ${escapeMarkdown(handler.id, 600)}`,
    ].join('\n'),
  ];
  const stale = stalenessText(model, context);
  if (stale !== '') blocks.push(stale);
  if (model.metrics.length === 0)
    blocks.push(`${t('No calls yet.')} ${escapeMarkdown(model.emptyReason ?? '', 500)}`);
  for (const metrics of model.metrics) blocks.push(...section(metrics, model, context));
  const tests = testsText(model.tests, t);
  if (tests !== '') blocks.push(`## ${t('Tests')}`, tests, testLines(model, 200, context).join('\n'));
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
