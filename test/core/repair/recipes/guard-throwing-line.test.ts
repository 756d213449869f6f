import assert from 'node:assert/strict';
import { guardThrowingLine } from '../../../../src/core/repair/recipes/guard-throwing-line.ts';
import { draftIn, type Files } from './drafted.ts';

describe('recipe guard-throwing-line', () => {
  it('proves itself by a test that fails before', async () => {
    const made = await draftIn(guardThrowingLine, guardThrowingLine.example.before);
    assert.ok(made.k === 'draft', made.k === 'no-fix' ? made.reason : '');
    assert.deepEqual(made.proof, {
      test: {
        file: 'tests/list-books.test.ts',
        title: 'GET /shelves/:shelfId/books > answers 404 where there is no shelf',
      },
      failsBefore: true,
      mutants: [],
    });
  });

  it('says why where the file changed, nothing was recorded, or no test shows how', async () => {
    const { before, input } = guardThrowingLine.example;
    const reason = async (files: Files, given = input): Promise<string> => {
      const made = await draftIn(guardThrowingLine, files, given);
      return made.k === 'no-fix' ? made.reason : made.title;
    };
    const routes = before['src/routes.ts'] ?? '';
    assert.match(await reason({ ...before, 'src/routes.ts': `\n${routes}` }), /has changed since/);
    const { comparison: _none, ...silent } = input;
    assert.match(await reason(before, silent), /No failed call was recorded/);
    const { 'tests/show-shelf.test.ts': _test, ...untested } = before;
    assert.match(await reason(untested), /No Vitest test/);
  });
});
