import assert from 'node:assert/strict';
import { checkPages } from '../../../src/core/document/check.ts';
import { renderDocuments } from '../../../src/core/document/documents.ts';
import { exampleInput } from '../../../src/core/document/example.ts';
import { mergePage } from '../../../src/core/document/merge.ts';

const rendered = renderDocuments(exampleInput);

function written(
  change: (path: string, text: string) => string = (_path, text) => text,
): Map<string, string> {
  return new Map(rendered.map((one) => [one.path, change(one.path, mergePage(null, one).text)]));
}

describe('checkPages', () => {
  it('is content with what was written, prose and other files beside it', () => {
    const existing = written((_path, text) => `Prose.\r\n\r\n${text.replaceAll('\n', '\r\n')}\r\nMore.\r\n`);
    existing.set('notes.md', '# Notes');
    assert.deepEqual(checkPages(existing, rendered), []);
  });

  it('does not notice that functions moved to other lines', () => {
    const place = { line: 77, column: 5 };
    const handlers = exampleInput.handlers.map((one) => {
      const start = { ...one.registration.start, line: one.registration.start.line + 12 };
      return { ...one, start: place, end: place, registration: { ...one.registration, start } };
    });
    const unresolved = exampleInput.unresolved.map((one) => ({ ...one, start: place }));
    assert.deepEqual(checkPages(written(), renderDocuments({ ...exampleInput, handlers, unresolved })), []);
  });

  it('names a missing page', () => {
    const drifts = checkPages(new Map(), rendered);
    assert.deepEqual(
      drifts.map(({ file, state, firstDifferenceLine }) => [file, state, firstDifferenceLine]),
      [
        ['HANDLER_SPECS.md', 'missing', null],
        ['INDEX.md', 'missing', null],
      ],
    );
  });

  it('shows the first line that differs, not the hash', () => {
    const handlers = exampleInput.handlers.slice(1);
    const [specs, index] = checkPages(written(), renderDocuments({ ...exampleInput, handlers }));
    assert.deepEqual([specs?.state, index?.state], ['stale', 'stale']);
    const actual = written().get('INDEX.md')?.split('\n') ?? [];
    const line = index?.firstDifferenceLine ?? 0;
    assert.equal(actual[line - 1], index?.actual);
    assert.match(index?.actual ?? '', /^\| Handlers \| 4 \|/);
    assert.match(index?.expected ?? '', /^\| Handlers \| 3 \|/);
  });

  it('tells pages edited inside, in conflict, broken and orphaned apart', () => {
    const edited = written((_path, text) => text.replace(/^## .*$/m, '## Mine'));
    const [drift] = checkPages(edited, rendered);
    assert.deepEqual([drift?.state, drift?.actual], ['edited-inside', '## Mine']);
    const conflict = written((_path, text) =>
      text.replace(/^## .*$/m, '<<<<<<< a\nx\n=======\ny\n>>>>>>> b'),
    );
    assert.equal(checkPages(conflict, rendered)[0]?.state, 'conflict-markers');
    assert.equal(
      checkPages(
        written(() => 'My own.\n'),
        rendered,
      )[0]?.state,
      'broken-markers',
    );
    const orphan = new Map([
      ...written(),
      ['HANDLER_SPECS.gone.md', written().get('HANDLER_SPECS.md') ?? ''],
    ]);
    assert.deepEqual(
      checkPages(orphan, rendered).map(({ file, state }) => [file, state]),
      [['HANDLER_SPECS.gone.md', 'orphaned']],
    );
  });

  it('gives the hash line when nothing else differs', () => {
    const existing = written((_path, text) => text.replace(/sha256=\w{4}/, 'sha256=0000'));
    const [drift] = checkPages(existing, rendered);
    assert.deepEqual([drift?.state, drift?.firstDifferenceLine], ['stale', 1]);
  });
});
