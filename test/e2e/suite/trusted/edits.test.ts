import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { lensesOf, openSource, replaceIn, sourceUri, until } from '../editor.ts';

const catalog = 'src/routes/catalog.ts';

const ids = async (path: string): Promise<string> => (await lensesOf(path)).map(({ id }) => id).join('\n');
const lineOf = async (path: string, suffix: string): Promise<number> =>
  (await lensesOf(path)).find(({ id }) => id.endsWith(suffix))?.line ?? -1;

describe('lenses and index while editing', () => {
  let original = '';

  before(async () => {
    original = readFileSync(sourceUri(catalog).fsPath, 'utf8');
    await openSource(catalog);
    await until(
      () => ids(catalog),
      (seen) => {
        assert.match(seen, /GET \/api\/catalog\/search/);
      },
    );
  });

  afterEach(async () => {
    const editor = await openSource(catalog);
    const all = new vscode.Range(0, 0, editor.document.lineCount, 0);
    await editor.edit((edit) => {
      edit.replace(all, original);
    });
    await editor.document.save();
    await until(
      () => ids(catalog),
      (seen) => {
        assert.match(seen, /@GET \/api\/catalog\/search$/m);
      },
    );
  });

  it('follow lines at once', async () => {
    const editor = await openSource(catalog);
    const suffix = '@GET /api/catalog/search';
    const before = await lineOf(catalog, suffix);
    assert.ok(before > 0);
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), '// one\n// two\n');
    });
    assert.equal(await lineOf(catalog, suffix), before + 2, 'asked before the engine can have answered');
    assert.match(editor.document.lineAt(before + 2).text, /searchCatalog/);
  });

  it('follow a route that is edited and not saved, in another file too', async () => {
    const editor = await openSource(catalog);
    await replaceIn(editor, "'/search'", "'/find'");
    assert.equal(editor.document.isDirty, true);
    await until(
      () => ids(catalog),
      (seen) => {
        assert.match(seen, /@GET \/api\/catalog\/find$/m);
        assert.doesNotMatch(seen, /@GET \/api\/catalog\/search$/m);
      },
    );
    await until(
      () => ids('src/controllers/search.ts'),
      (seen) => {
        assert.match(seen, /@GET \/api\/catalog\/find$/m);
      },
    );
    await until(
      () => lensesOf(catalog),
      (lenses) => {
        assert.match(lenses.find(({ id }) => id.endsWith('/find'))?.title ?? '', /no calls yet/);
      },
    );
  });

  it('follow a route that is edited and saved', async () => {
    const editor = await openSource(catalog);
    await replaceIn(editor, "'/products', products", "'/wares', products");
    assert.equal(await editor.document.save(), true);
    await until(
      () => ids('src/controllers/products.ts'),
      (seen) => {
        assert.match(seen, /@GET \/api\/catalog\/wares\/:productId$/m);
      },
    );
  });

  it('follow a file that another program changes', async () => {
    const api = sourceUri('src/routes/api.ts').fsPath;
    const text = readFileSync(api, 'utf8');
    try {
      writeFileSync(api, text.replace("'/orders'", "'/purchases'"));
      await until(
        () => ids('src/controllers/order-controller.ts'),
        (seen) => {
          assert.match(seen, /@GET \/api\/purchases\/:orderId$/m);
        },
      );
    } finally {
      writeFileSync(api, text);
    }
    await until(
      () => ids('src/controllers/order-controller.ts'),
      (seen) => {
        assert.match(seen, /@GET \/api\/orders\/:orderId$/m);
      },
    );
  });

  it('are never fewer while the text does not parse', async () => {
    const editor = await openSource(catalog);
    const before = (await lensesOf(catalog)).length;
    assert.ok(before >= 4);
    for (const typed of ['const x = `', '${', 'function (']) {
      await editor.edit((edit) => {
        edit.insert(new vscode.Position(0, 0), typed);
      });
      const end = Date.now() + 700;
      while (Date.now() < end)
        assert.ok((await lensesOf(catalog)).length >= before, `fewer lenses after ${typed}`);
    }
  });
});
