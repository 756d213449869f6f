import assert from 'node:assert/strict';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PAGES, renderDocuments } from '../../../../src/core/document/documents.ts';
import { viewOf } from '../../../../src/core/document/view.ts';

const golden = (file: string) =>
  readFile(new URL(`../../../fixtures/document/${file}`, import.meta.url), 'utf8');

describe('the family of pages', () => {
  it('has pages in the order of their ids', () => {
    const ids = PAGES.map(({ id }) => id);
    assert.ok(ids.length >= 2);
    assert.deepEqual(ids, [...ids].sort());
  });

  for (const page of PAGES) {
    it(`${page.id} renders its example as its golden`, async () => {
      const [first, ...others] = page.render(viewOf(page.example));
      assert.deepEqual([first?.path, others], [page.file, []]);
      const expected = (await golden(page.file)).replaceAll('\r\n', '\n');
      if (first?.body === expected) return;
      const shown = join(await mkdtemp(join(tmpdir(), 'suture-page-')), page.file);
      await writeFile(shown, first?.body ?? '');
      assert.equal(
        first?.body,
        expected,
        `Look at ${shown}; copy it to test/fixtures/document if it is right.`,
      );
    });

    it(`${page.id} has links that lead somewhere`, () => {
      const documents = renderDocuments(page.example);
      const anchors = new Map(documents.map(({ path, body }) => [path, anchorsOf(body)]));
      for (const { path, body } of documents) {
        const links = [...body.matchAll(/\]\(([^)#]*)#([^)]+)\)/g)];
        for (const [, file, anchor = ''] of links) assert.ok(anchors.get(file || path)?.has(anchor), anchor);
      }
    });
  }
});

function anchorsOf(body: string): ReadonlySet<string> {
  const headings = [...body.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title.toLowerCase().replace(/ /g, '-'),
  );
  return new Set([...headings, ...[...body.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)]);
}
