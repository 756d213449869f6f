import type { HandlerIndex } from '../model/handler.ts';
import type { Problem } from '../model/problem.ts';
import type { OperationRow } from '../model/read-model.ts';
import type { Sequence } from '../model/sequence.ts';
import type { DoctorReport, EngineStatus, FileStatus, ReceiverStatus } from '../model/status.ts';

type Finding = DoctorReport['findings'][number];

export interface DoctorInput {
  readonly status: EngineStatus;
  readonly files: readonly FileStatus[];
  readonly index: HandlerIndex;
  readonly sequences: readonly Sequence[];
  readonly sourceFiles: number;
  readonly packages: number;
  readonly rows: readonly OperationRow[];
  readonly problems: readonly Problem[];
}

/** Explains figures and their absence; pure. */
export function examine(input: DoctorInput): DoctorReport {
  return {
    status: input.status,
    files: input.files,
    findings: [
      ...codeFindings(input),
      ...telemetryFindings(input),
      ...mappingFindings(input),
      ...otherFindings(input),
    ],
    unmapped: unmappedGroups(input.rows),
    problems: input.problems,
  };
}

function codeFindings({ index, sequences, sourceFiles, packages }: DoctorInput): Finding[] {
  const findings: Finding[] = [];
  if (sourceFiles === 0) {
    findings.push({
      level: 'warning',
      code: 'no-source-files',
      message: 'There is no TypeScript or JavaScript file in this workspace.',
      advice:
        'Open the folder that holds the sources; ignored folders (.gitignore, node_modules, dist) are not read.',
    });
  } else if (index.handlers.length === 0) {
    findings.push({
      level: 'warning',
      code: 'no-handlers',
      message: `No handler was found in ${sourceFiles} source files.`,
      advice:
        'Suture knows Express and RenderX applications today. `suture handlers` lists what it found and what it could not resolve.',
    });
  } else {
    findings.push({
      level: 'ok',
      code: 'handlers',
      message: `${index.handlers.length} handlers in ${sourceFiles} source files.`,
    });
  }
  if (packages === 0) {
    findings.push({
      level: 'info',
      code: 'no-package',
      message: 'There is no package.json: packages cannot be told apart and handlers are grouped by folder.',
    });
  }
  if (index.unresolved.length > 0) {
    findings.push({
      level: 'info',
      code: 'unresolved',
      message: `${index.unresolved.length} registrations could not be followed to a handler.`,
      advice: '`suture handlers` names each with its reason.',
    });
  }
  if (sequences.length > 0) {
    const beats = sequences.flatMap(({ movements }) => movements.flatMap((movement) => movement.beats));
    const open = beats.filter(({ handlerId }) => handlerId === undefined).length;
    findings.push({
      level: open === 0 ? 'ok' : 'info',
      code: 'sequences',
      message: `${sequences.length} sequences hold ${beats.length} beats${open === 0 ? '' : `; of ${open} the handler is not known`}.`,
      ...(open > 0 && { advice: 'The lens over each of these beats says why.' }),
    });
  }
  return findings;
}

function telemetryFindings({ status, files }: DoctorInput): Finding[] {
  const findings: Finding[] = [];
  for (const { path, state } of status.telemetry) {
    if (state === 'unreadable') {
      findings.push({
        level: 'error',
        code: 'telemetry-unreadable',
        message: `The telemetry path ${path} cannot be read.`,
        advice: 'Check its permissions.',
      });
    }
  }
  const present = status.telemetry.filter((entry) => entry.state !== 'absent');
  const names = status.telemetry.map((entry) => entry.path).join(', ');
  if (present.length === 0 && !status.readOnlyStore) {
    findings.push({
      level: 'warning',
      code: 'no-telemetry-folder',
      message: `None of the telemetry paths exists: ${names}.`,
      advice:
        'Put OTLP/JSON files (one export request per line, as the OpenTelemetry Collector file exporter writes them) or RenderX console logs into one of them, or name your own folder under "telemetry" in suture.json.',
    });
  } else if (files.length === 0 && status.calls === 0) {
    findings.push({
      level: 'warning',
      code: 'no-telemetry-files',
      message: `There is no telemetry file under ${present.map((entry) => entry.path).join(', ')}.`,
      advice: 'Suture reads .json, .jsonl, .ndjson, .log and .txt files, each also with .gz.',
    });
  } else if (status.calls > 0) {
    findings.push({
      level: 'ok',
      code: 'telemetry',
      message: `${status.calls} calls of ${status.operations} operations from ${files.length} files.`,
    });
  } else if (status.spans === 0) {
    findings.push({
      level: 'warning',
      code: 'no-spans',
      message: `${files.length} telemetry files were read and hold no span that Suture understands.`,
      advice:
        'The table of files says what was recognised; OTLP/JSON traces and RenderX console logs are understood today.',
    });
  } else {
    findings.push({
      level: 'warning',
      code: 'no-calls',
      message: `${status.spans} spans were read, but none is a SERVER or CONSUMER span: there is nothing to measure.`,
      advice: 'Enable the HTTP instrumentation of your OpenTelemetry set-up.',
    });
  }
  return findings;
}

function mappingFindings({ status, index, rows }: DoctorInput): Finding[] {
  if (status.calls === 0 || index.handlers.length === 0) return [];
  const findings: Finding[] = [];
  if (status.operationsMapped === 0) {
    const services = [...new Set(rows.map((row) => row.metrics.operation.service))].sort().join(', ');
    findings.push({
      level: 'warning',
      code: 'nothing-mapped',
      message: `No operation could be linked to a handler. The telemetry comes from: ${services}.`,
      advice:
        'Is it the telemetry of this workspace? The groups below name the reason of each operation; "services" in suture.json links a service.name to a package.',
    });
  } else {
    findings.push({
      level: 'ok',
      code: 'mapped',
      message: `${status.operationsMapped} of ${status.operations} operations are linked to a handler; ${status.handlersMeasured} of ${status.handlers} handlers carry figures.`,
    });
  }
  if (rows.some((row) => row.metrics.release === 'unversioned')) {
    findings.push({
      level: 'info',
      code: 'unversioned',
      message: 'Some telemetry has no service.version: releases cannot be compared there.',
      advice: 'Set OTEL_RESOURCE_ATTRIBUTES=service.version=... where the service starts.',
    });
  }
  return findings;
}

function otherFindings({ status }: DoctorInput): Finding[] {
  const findings: Finding[] = [];
  if (status.readOnlyStore) {
    findings.push({
      level: 'info',
      code: 'second-window',
      message: 'Another window reads the telemetry of this workspace; this one shows what that one stored.',
    });
  }
  if (status.problemCount > 0) {
    findings.push({
      level: 'warning',
      code: 'problems',
      message: `${status.problemCount} problems were survived while reading.`,
      advice: 'They are listed with file and line.',
    });
  }
  if (status.receiver !== undefined) findings.push(receiverFinding(status.receiver));
  return findings;
}

function receiverFinding({ addresses, requests, spans, rejected, refused }: ReceiverStatus): Finding {
  const reasons = Object.entries(refused).map(([reason, count]) => `${count} ${reason}`);
  const counts = `${requests} requests with ${spans} spans`;
  return {
    level: reasons.length > 0 || rejected > 0 ? 'warning' : 'ok',
    code: 'receiving',
    message: `Telemetry is received on ${addresses.join(' and ')}: ${counts}, ${rejected} spans or log records rejected, requests refused: ${reasons.join(', ') || 'none'}.`,
    ...(requests > 0
      ? {}
      : {
          advice:
            'Start your service with the OpenTelemetry SDK; it sends here by itself unless OTEL_EXPORTER_OTLP_ENDPOINT says otherwise.',
        }),
  };
}

function unmappedGroups(rows: readonly OperationRow[]): DoctorReport['unmapped'] {
  const groups = new Map<string, { name: string; service: string; calls: number; detail: string }[]>();
  for (const { metrics, correlation } of rows) {
    if (correlation.handlerId !== null) continue;
    const group = groups.get(correlation.reason) ?? [];
    groups.set(correlation.reason, group);
    const { name, service } = metrics.operation;
    group.push({ name, service, calls: metrics.calls, detail: correlation.detail });
  }
  return [...groups].map(([reason, operations]) => ({ reason, operations }));
}
