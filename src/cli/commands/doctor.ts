import type { Command } from '../command.ts';
import { printable, table } from '../table.ts';

/** Why there is nothing here: what was found, what was not, and what to do. */
export const doctor: Command = {
  id: 'doctor',
  summary: 'Explain what was read, what was mapped and what is missing',
  flags: {},
  positionals: [],
  run(engine) {
    const report = engine.doctor();
    const { newestMs, ...status } = report.status;
    const lines = report.findings.map(
      (finding) => `[${finding.level}] ${finding.message}${finding.advice ? `\n    ${finding.advice}` : ''}`,
    );
    const files = table(
      ['TELEMETRY FILE', 'FORMAT', 'HELD AS', '>BYTES', '>RECORDS', '>SPANS', ''],
      report.files.map((file) => [
        file.path,
        file.format ?? '-',
        [file.framing, file.compression].filter((part) => part !== undefined).join(', ') || '-',
        String(file.bytes),
        String(file.records),
        String(file.spans),
        file.note ?? '',
      ]),
    );
    const unmapped = report.unmapped.flatMap((group) => [
      `${group.reason}:`,
      ...group.operations.map(
        (operation) =>
          `    ${operation.name} (${operation.service}, ${operation.calls} calls): ${operation.detail}`,
      ),
    ]);
    return {
      data: {
        status: { ...status, newest: newestMs === null ? null : new Date(newestMs).toISOString() },
        findings: report.findings,
        files: report.files,
        unmapped: report.unmapped,
      },
      text:
        [
          ...lines,
          ...(report.files.length > 0 ? ['', files.trimEnd()] : []),
          ...(unmapped.length > 0 ? ['', 'Operations without a handler:', ...unmapped] : []),
        ]
          .map((line) => line.split('\n').map(printable).join('\n'))
          .join('\n') + '\n',
      problems: report.problems,
      findings: false,
    };
  },
};
