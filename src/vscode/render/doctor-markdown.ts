import type { DoctorReport, FileStatus } from '../../core/model/status.ts';
import { escapeMarkdown } from './escape.ts';
import { formatCount, formatTime } from './figures.ts';
import { markdownTable } from './table.ts';
import type { Translate } from './translate.ts';

const marks = { ok: '✓', info: 'ℹ', warning: '⚠', error: '✗' } as const;
const mostRows = 100;

function formatBytes(bytes: number): string {
  return bytes < 1024
    ? `${String(bytes)} B`
    : bytes < 1024 ** 2
      ? `${String(Math.round(bytes / 1024))} KiB`
      : `${(bytes / 1024 ** 2).toPrecision(3)} MiB`;
}

function capped(rows: readonly (readonly string[])[], head: readonly string[], t: Translate): string {
  const table = markdownTable(head, rows.slice(0, mostRows));
  return rows.length > mostRows ? `${table}\n\n${t('and {0} more', rows.length - mostRows)}` : table;
}

function summary({ status }: DoctorReport, t: Translate): string {
  return [
    `- ${t('{0} handlers found, {1} of them measured; {2} registrations could not be followed', status.handlers, status.handlersMeasured, status.unresolved)}`,
    `- ${t('{0} operations in telemetry, {1} of them mapped to a handler', status.operations, status.operationsMapped)}`,
    `- ${t('{0} spans read, {1} calls measured', formatCount(status.spans), formatCount(status.calls))}`,
    `- ${status.newestMs === null ? t('no event yet') : t('newest event {0} UTC', formatTime(status.newestMs, true))}`,
    ...status.telemetry.map(
      (path) => `- ${t('telemetry path {0}: {1}', escapeMarkdown(path.path, 400), path.state)}`,
    ),
    ...(status.readOnlyStore
      ? [`- ${t('Another window of this workspace writes the store; this one reads it.')}`]
      : []),
  ].join('\n');
}

const fileRow = (file: FileStatus, t: Translate): readonly string[] => [
  escapeMarkdown(file.path, 400),
  file.format ?? `${t('not recognised')}${file.note === undefined ? '' : `: ${escapeMarkdown(file.note)}`}`,
  formatBytes(file.bytes),
  String(file.records),
  String(file.spans),
];

/** "Why is there nothing here?" for one workspace folder; findings first, then what they rest on. */
export function doctorMarkdown(folder: string, report: DoctorReport, t: Translate): string {
  const blocks = [`# ${t('Why is there nothing here?')} ${escapeMarkdown(folder)}`];
  for (const finding of report.findings) {
    const advice = finding.advice === undefined ? '' : `\n  ${escapeMarkdown(finding.advice, 1000)}`;
    blocks.push(
      `- ${marks[finding.level]} ${finding.level}: ${escapeMarkdown(finding.message, 1000)}${advice}`,
    );
  }
  blocks.push(`## ${t('What was found')}`, summary(report, t), `## ${t('Telemetry files')}`);
  blocks.push(
    report.files.length === 0
      ? t('None.')
      : capped(
          report.files.map((file) => fileRow(file, t)),
          [t('file'), t('format'), t('size'), t('records'), t('spans')],
          t,
        ),
  );
  if (report.unmapped.length > 0) {
    blocks.push(`## ${t('Operations without a handler')}`);
    for (const { reason, operations } of report.unmapped) {
      const rows = operations.map((operation) => [
        escapeMarkdown(operation.name),
        escapeMarkdown(operation.service),
        String(operation.calls),
        escapeMarkdown(operation.detail, 400),
      ]);
      blocks.push(
        `### ${escapeMarkdown(reason)}`,
        capped(rows, [t('operation'), t('service'), t('calls'), t('why')], t),
      );
    }
  }
  if (report.problems.length > 0) {
    const rows = report.problems.map((problem) => [
      `${escapeMarkdown(problem.file, 400)}${problem.line === undefined ? '' : `:${String(problem.line)}`}`,
      escapeMarkdown(problem.code),
      String(problem.count),
      escapeMarkdown(problem.message, 500),
    ]);
    blocks.push(`## ${t('Problems')}`, capped(rows, [t('where'), t('code'), t('count'), t('what')], t));
  }
  return `${blocks.join('\n\n')}\n`.replaceAll('\n\n- ', '\n- ').replace('\n- ', '\n\n- ');
}
