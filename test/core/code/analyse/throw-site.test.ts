import assert from 'node:assert/strict';
import type { ThrowSite } from '../../../../src/core/code/analysis.ts';
import { analysisOf } from '../memory-host.ts';

/** The site at the mark `‸`, which stands where the engine points. */
async function at(text: string, message?: string): Promise<ThrowSite | null> {
  const before = text.slice(0, text.indexOf('‸')).split('\n');
  const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  return analysisOf({ 'src/a.ts': text.replace('‸', '') }).throwSiteAt('src/a.ts', position, message);
}

const brief = (site: ThrowSite | null): unknown =>
  site && [site.kind, site.subject, site.origin, site.inputs.join(' '), site.site.symbol];

describe('what throws at a place', () => {
  it('is the member of nothing, with what it was looked up by', async () => {
    assert.deepEqual(
      brief(
        await at(`export async function show(request, response) {
  const { id } = request.params;
  const lamp = await lamps.find(id);
  response.json(lamp!.‸watts.toFixed());
}`),
      ),
      ['member-of-nothing', 'lamp', 'await lamps.find(id)', 'path.id', 'show'],
    );
    assert.deepEqual(
      brief(await at(`export const sort = (req) => { const by = orders[req.query.sort]; by.‸compare(1); };`)),
      ['member-of-nothing', 'by', 'orders[req.query.sort]', 'query.sort', 'sort'],
    );
    assert.deepEqual(
      brief(
        await at(`const listing = z.object({});
function list(req, res) {
  const { category } = listing.parse(req.query);
  const shelf = shelves.get(category);
  shelf.‸books = 1;
}`),
      ),
      ['member-of-nothing', 'shelf', 'shelves.get(category)', 'query.category', 'list'],
    );
  });

  it('follows an input one call up', async () => {
    const site = await at(`function show(req, res) { res.json(priceOf(req.body.sku)); }
function priceOf(sku) { const entry = prices.get(sku); return entry.‸cents; }`);
    assert.deepEqual(brief(site), ['member-of-nothing', 'entry', 'prices.get(sku)', 'body.sku', 'priceOf']);
  });

  it('is what was taken apart, where the engine points at the pattern or at the value', async () => {
    const expected = ['destructured-nothing', 'lamp', 'find(req.params.id)', 'path.id', 'show'];
    const show = (line: string): string =>
      `function show(req) {\n  const lamp = find(req.params.id);\n  ${line}\n}`;
    assert.deepEqual(brief(await at(show('const { ‸watts, ...rest } = lamp;'))), expected);
    assert.deepEqual(brief(await at(show('const { watts } = ‸lamp;'))), expected);
  });

  it('is a call of what is no function, by the message alone', async () => {
    const text = `function show(lamp) { lamp.‸glow(1); }`;
    assert.deepEqual(brief(await at(text)), ['member-of-nothing', 'lamp', undefined, '', 'show']);
    assert.deepEqual(brief(await at(text, 'lamp.glow is not a function')), [
      'call-of-no-function',
      'lamp.glow',
      undefined,
      '',
      'show',
    ]);
  });

  it('is a throw statement, or what a built-in refused', async () => {
    assert.deepEqual(brief(await at(`function f(id) { if (!id) throw ‸new Error('no'); }`)), [
      'throw',
      undefined,
      undefined,
      '',
      'f',
    ]);
    assert.deepEqual(brief(await at(`function f(req) { return JSON.‸parse(req.query.filter); }`)), [
      'other',
      'req.query.filter',
      undefined,
      'query.filter',
      'f',
    ]);
  });

  it('is nothing where no code stands', async () => {
    assert.equal(await at(`function f() {\n‸\n}`), null);
    assert.equal(
      await analysisOf({ 'src/a.ts': 'f();' }).throwSiteAt('src/a.ts', { line: 99, column: 1 }),
      null,
    );
    assert.equal(await analysisOf({}).throwSiteAt('src/b.ts', { line: 1, column: 1 }), null);
  });
});
