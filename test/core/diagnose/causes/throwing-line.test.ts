import assert from 'node:assert/strict';
import { throwingLine } from '../../../../src/core/diagnose/causes/throwing-line.ts';
import type { DiagnoseInput } from '../../../../src/core/diagnose/cause-finder.ts';
import type { Cause } from '../../../../src/core/model/diagnosis.ts';
import { analysisOf } from '../../code/memory-host.ts';

function find(
  files: Readonly<Record<string, string>> = throwingLine.example.files,
  input: DiagnoseInput = throwingLine.example.input,
): Promise<readonly Cause[]> {
  return throwingLine.find(input, {
    code: analysisOf(files),
    locate: (reported) => Object.keys(files).find((file) => reported.endsWith(`/${file}`)) ?? null,
    lastChanges: ({ file, start }) => Promise.resolve([{ label: 'Last changed', file, line: start.line }]),
  });
}

describe('cause throwing-line', () => {
  it('names the value, its input, its figures and a trace', async () => {
    const [cause] = await find();
    assert.deepEqual(cause?.detail, {
      k: 'throwing-line',
      type: 'TypeError',
      subject: 'shelf',
      input: { key: 'path.shelfId', values: ['attic'] },
    });
    assert.equal(
      cause.message,
      'At src/routes.ts:19 `shelf` is missing and used all the same for path.shelfId attic.',
    );
    assert.ok(cause.evidence.some(({ traceId }) => traceId === 'e1'.repeat(16)));
    assert.ok(cause.evidence.some(({ label }) => label.includes('30 of 30 failed calls')));
  });

  it('says that the file changed where another function stands at the line', async () => {
    const { files } = throwingLine.example;
    const renamed = {
      ...files,
      'src/routes.ts': (files['src/routes.ts'] ?? '').replace('function listBooks', 'function listAll'),
    };
    const [cause] = await find(renamed);
    assert.equal(cause?.site, undefined);
    assert.match(cause?.message ?? '', /the file has changed since/);
  });

  it('keeps to the telling input where no frame is in the workspace, and is silent where nothing speaks', async () => {
    const [cause] = await find({});
    assert.equal(cause?.site, undefined);
    assert.ok(cause?.detail.k === 'throwing-line' && cause.detail.input?.key === 'path.shelfId');
    const { comparison: _none, ...silent } = throwingLine.example.input;
    assert.deepEqual(await find({}, silent), []);
  });
});
