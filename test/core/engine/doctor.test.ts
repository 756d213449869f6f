import assert from 'node:assert/strict';
import { examine, type DoctorInput } from '../../../src/core/engine/doctor.ts';
import type { EngineStatus } from '../../../src/core/model/status.ts';

const status: EngineStatus = {
  phase: 'ready',
  handlers: 0,
  handlersMeasured: 0,
  unresolved: 0,
  operations: 0,
  operationsMapped: 0,
  calls: 0,
  spans: 0,
  testCases: 0,
  newestMs: null,
  telemetry: [{ path: '.telemetry', state: 'folder' }],
  problemCount: 0,
  readOnlyStore: false,
};

const empty: Omit<DoctorInput, 'status'> = {
  files: [],
  index: { handlers: [], unresolved: [] },
  sequences: [],
  sourceFiles: 3,
  packages: 1,
  rows: [],
  problems: [],
};

const codes = (change: Partial<Omit<DoctorInput, 'status'>> & { status?: Partial<EngineStatus> }): string[] =>
  examine({
    ...empty,
    ...change,
    status: { ...status, ...change.status },
  }).findings.map((finding) => finding.code);

const file = { path: '.telemetry/a.jsonl', format: 'otlp-json', bytes: 10, records: 1, spans: 1 };

describe('doctor', () => {
  it('explains each empty state by its nearest cause', () => {
    assert.deepEqual(codes({ sourceFiles: 0, packages: 0 }), [
      'no-source-files',
      'no-package',
      'no-telemetry-files',
    ]);
    assert.ok(
      codes({ status: { telemetry: [{ path: '.logs', state: 'absent' }] } }).includes('no-telemetry-folder'),
    );
    assert.ok(
      codes({ status: { telemetry: [{ path: '.logs', state: 'unreadable' }] } }).includes(
        'telemetry-unreadable',
      ),
    );
    assert.ok(codes({ files: [file] }).includes('no-spans'));
    assert.ok(codes({ files: [file], status: { spans: 4 } }).includes('no-calls'));
  });

  it('counts beats, and those whose handler is not known', () => {
    const at = { line: 1, column: 1 };
    const beats = [
      { event: 'a', handler: 'load', at, end: at, handlerId: 'src/a.ts#load' },
      { event: 'b', handler: 'save', at, end: at, reason: 'No file exports it.' },
    ];
    const sequence = {
      id: 's',
      name: 'S',
      dialect: 'renderx',
      file: 'json-sequences/s.json',
      movements: [{ id: 'm', name: 'M', beats }],
      copies: [],
    };
    const { findings } = examine({ ...empty, status, sequences: [sequence] });
    assert.equal(
      findings.find(({ code }) => code === 'sequences')?.message,
      '1 sequences hold 2 beats; of 1 the handler is not known.',
    );
    assert.ok(!codes({}).includes('sequences'));
  });

  it('gives advice with every warning', () => {
    const report = examine({
      ...empty,
      status: { ...status, spans: 4 },
      files: [file],
      sourceFiles: 0,
      packages: 0,
    });
    for (const finding of report.findings) {
      if (finding.level === 'warning' || finding.level === 'error') assert.ok(finding.advice, finding.code);
    }
  });
});
