import assert from 'node:assert/strict';
import { analysisOf } from '../memory-host.ts';

/** The way from the function at `function handler` or `handler =` in `src/a.*` to the loop, as names. */
async function wayToLoop(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  const [file, text] = Object.entries(files)[0] ?? ['', ''];
  const lines = text.split('\n');
  const line = lines.findIndex((each) => /\bhandler\b/.test(each));
  const column = (lines[line] ?? '').search(/\bhandler\b/) + 1;
  const found = await analysisOf(files).awaitsInLoops({ file, start: { line: line + 1, column } });
  assert.ok(found.length <= 1, JSON.stringify(found));
  return found[0]?.via.join(' > ');
}

const loop = 'for (const item of items) await load(item);';

describe('what a handler reaches', () => {
  it('functions of other files, by import, namespace and re-export', async () => {
    const b = `export async function all(items) { ${loop} }`;
    for (const text of [
      `import { all } from './b.js';\nexport async function handler(req) { await all(req.query.ids); }`,
      `import * as b from './b.js';\nexport const handler = async (req) => b.all(req.query.ids);`,
      `import { every } from './index.js';\nexport const handler = async (req) => every(req.query.ids);`,
    ])
      assert.equal(
        await wayToLoop({
          'src/a.ts': text,
          'src/b.ts': b,
          'src/index.ts': `export { all as every } from './b.js';`,
        }),
        'handler > all',
      );
  });

  it('CommonJS modules', async () => {
    assert.equal(
      await wayToLoop({
        'src/a.js': `const b = require('./b');\nexports.handler = async (req) => { await b.all(req.query.ids); };`,
        'src/b.js': `exports.all = async function (items) { ${loop} };`,
      }),
      'handler > all',
    );
  });

  it('the method of the class that implements the interface a parameter has', async () => {
    assert.equal(
      await wayToLoop({
        'src/a.ts': `import type { Stock } from './stock.ts';
import './warehouse.ts';
export const routes = (stock: Stock) => ({ handler: async (req) => stock.all(req.query.ids) });`,
        'src/stock.ts': `export interface Stock { all(items: string[]): Promise<void>; }`,
        'src/warehouse.ts': `import type { Stock } from './stock.ts';
export class Warehouse implements Stock { async all(items: string[]) { ${loop} } }
export class Other { async all(items: string[]) { ${loop} } }`,
      }),
      'routes.handler > Warehouse.all',
    );
  });

  it('what a wrapper was given, and what is bound', async () => {
    const all = `async function all(items) { ${loop} }`;
    assert.equal(
      await wayToLoop({
        'src/a.ts': `const handler = wrap(async (req) => { await all(req.query.ids); });\n${all}`,
      }),
      'handler > all',
    );
    assert.equal(
      await wayToLoop({
        'src/a.ts': `const handler = wrap(shop.list.bind(shop));
class Shop { async list(req) { const items = req.query.ids; ${loop} } }
const shop = new Shop();`,
      }),
      'handler > Shop.list',
    );
  });

  it('where types are unknown, the only method with that name, and none of two', async () => {
    const handler = `export async function handler(req) { await req.app.stock.loadAll(req.query.ids); }`;
    const one = `class Stock { async loadAll(items) { ${loop} } }`;
    assert.equal(await wayToLoop({ 'src/a.ts': `${handler}\n${one}` }), 'handler > Stock.loadAll');
    const other = `class Shelf { async loadAll(items) { ${loop} } }`;
    assert.equal(await wayToLoop({ 'src/a.ts': `${handler}\n${one}\n${other}` }), undefined);
  });

  it('functions that call each other, once', async () => {
    assert.equal(
      await wayToLoop({
        'src/a.ts': `async function handler(items) { await other(items); }
async function other(items) { if (items.length > 9) await handler(items); ${loop} }`,
      }),
      'handler > other',
    );
  });
});
