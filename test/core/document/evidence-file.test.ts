import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  EVIDENCE_SCHEMA,
  parseEvidence,
  serializeEvidence,
} from '../../../src/core/document/evidence-file.ts';
import { byText, evidenceFrom } from '../../../src/core/document/evidence.ts';
import { exampleInput } from '../../../src/core/document/example.ts';
import { HOSTILE, errorGroup, metricsOf, modelOf } from './samples.ts';

const text = serializeEvidence(exampleInput.evidence);

function inOrder(a = '', b = ''): number {
  return byText(a, b);
}

describe('the evidence file', () => {
  it('has sorted keys, two spaces and a final newline', () => {
    const names = [...text.matchAll(/^ {4}"([^"]+@[^"]+)"/gm)].map((match) => match[1]);
    assert.equal(names.length, 2);
    assert.deepEqual(names, [...names].sort(inOrder));
    const keys = [...text.matchAll(/^ {10}"(\w+)"/gm)].map((match) => match[1]);
    assert.deepEqual(keys, [...keys].sort(inOrder));
    assert.ok(
      text.startsWith('{\n  "handlers": {\n') && text.endsWith(`"schema": "${EVIDENCE_SCHEMA}"\n}\n`),
    );
  });

  it('survives a round trip, hostile names and `__proto__` included', () => {
    const ids = [...HOSTILE, '__proto__', 'constructor', '7'];
    const models = ids.map((id) =>
      modelOf(id, [metricsOf({ release: id, service: id, errorGroups: [errorGroup(id, id)] })]),
    );
    const written = serializeEvidence(evidenceFrom(models));
    const { evidence, problems, state } = parseEvidence(written);
    assert.deepEqual([problems, state, evidence.handlers.size], [[], 'read', new Set(ids).size]);
    assert.equal(serializeEvidence(evidence), written);
  });

  it('may be absent', () => {
    assert.equal(parseEvidence(null).state, 'absent');
    assert.equal(parseEvidence('\n').state, 'absent');
  });

  it('is recognised with a byte order mark and Windows line ends', () => {
    const read = parseEvidence(`\uFEFF${text.replaceAll('\n', '\r\n')}`);
    assert.equal(serializeEvidence(read.evidence), text);
  });

  it('with conflict markers is not read, and says where', () => {
    const lines = text.split('\n');
    lines.splice(3, 0, '<<<<<<< HEAD', '"n": 1', '=======', '"n": 2', '>>>>>>> other');
    const { state, problems, evidence } = parseEvidence(lines.join('\r\n'));
    assert.deepEqual([state, problems[0]?.line, evidence.handlers.size], ['conflict-markers', 4, 0]);
  });

  it('of another schema is not read', () => {
    assert.equal(parseEvidence('{"schema":"suture.evidence/2","handlers":{}}').state, 'other-schema');
  });

  it('names the line of a syntax error', () => {
    const { state, problems } = parseEvidence('{\n  "schema": "suture.evidence/1",\n  oops\n}');
    assert.deepEqual([state, problems[0]?.line], ['unreadable', 3]);
  });

  it('leaves one bad entry out and reads the others', () => {
    const { state, problems, evidence } = parseEvidence(text.replace('"2-5 %"', '"2-6 %"'));
    assert.deepEqual([state, problems.length, evidence.handlers.size], ['read', 1, 1]);
    assert.match(problems[0]?.message ?? '', /errorRate not an error-rate bucket/);
  });

  it('never throws', () => {
    const handlers = fc.record({ schema: fc.constant(EVIDENCE_SCHEMA), handlers: fc.jsonValue() });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          handlers.map((value) => JSON.stringify(value)),
        ),
        (raw) => {
          for (const problem of parseEvidence(raw).problems) assert.ok(problem.code.startsWith('evidence-'));
        },
      ),
    );
    for (const bad of ['[]', '1', 'null', '{"schema":"suture.evidence/1"}', '['.repeat(100_000)]) {
      assert.equal(parseEvidence(bad).state, 'unreadable', bad.slice(0, 40));
    }
  });

  it('can be cut off anywhere', () => {
    for (let end = 1; end < text.length - 1; end += 1) {
      assert.equal(parseEvidence(text.slice(0, end)).state, 'unreadable');
    }
  });
});
