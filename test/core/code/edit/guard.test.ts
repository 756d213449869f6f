import assert from 'node:assert/strict';
import type { GuardRewrite } from '../../../../src/core/code/analysis.ts';
import { analysisOf } from '../memory-host.ts';

const errors = `export class HttpError extends Error {
  constructor(readonly status: number, message: string) { super(message); }
}
export class NotFoundError extends HttpError {
  constructor(what: string, id: string) { super(404, \`There is no \${what} \${id}\`); }
}
`;

/** Guards the line of `src/a.ts` at the mark `‸`; the handler is `show`. */
async function guarded(
  text: string,
  more: Readonly<Record<string, string>> = {},
  models: readonly string[] = [],
): Promise<GuardRewrite> {
  const before = text.slice(0, text.indexOf('‸')).split('\n');
  const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  const plain = text.replace('‸', '');
  const code = analysisOf({ 'src/a.ts': plain, 'src/errors.ts': errors, ...more });
  const site = await code.throwSiteAt('src/a.ts', position);
  assert.ok(site);
  const row = plain.split('\n').findIndex((line) => line.includes('function show('));
  const start = { line: row + 1, column: (plain.split('\n')[row]?.indexOf('show(') ?? 0) + 1 };
  return code.guard(site, { file: 'src/a.ts', start }, models);
}

async function text(...args: Parameters<typeof guarded>): Promise<string> {
  const made = await guarded(...args);
  assert.equal(made.k, 'text', made.k === 'refused' ? made.reason : '');
  return made.k === 'text' ? made.newText : '';
}

async function reason(...args: Parameters<typeof guarded>): Promise<string> {
  const made = await guarded(...args);
  return made.k === 'refused' ? made.reason : made.newText;
}

const show = (line: string): string => `export async function show(req, res) {
  const lamp = await lamps.find(req.params.id);
  ${line}
}
`;

describe('a guard before the line that throws', () => {
  it('keeps the quotes and semicolons of the file', async () => {
    const bare = `import { lamps } from "./lamps"
export async function show(req, res) {
  const lamp = await lamps.find(req.params.id)
  res.json(lamp.‸watts)
}
`;
    assert.match(
      await text(bare),
      /  if \(lamp === undefined \|\| lamp === null\) \{\n    res\.status\(404\)\.json\(\{ error: "No such lamp" \}\)\n    return\n  \}\n  res\.json\(lamp\.watts\)\n/,
    );
  });

  it('sees that the name is checked around the line', async () => {
    for (const check of ['lamp', 'lamp != null', 'lamp !== undefined && req.query.all'])
      assert.match(
        await reason(show(`if (${check}) {\n    res.json(lamp.‸watts);\n  }`)),
        /`lamp` is checked before the line already/,
      );
  });

  it('takes no answer that is worded for an endpoint of another file', async () => {
    const shelf = `export function shelf(req, res) {
  const shelf = shelves.find(req.params.id);
  if (!shelf) {
    res.status(404).json({ error: 'This shelf was sold' });
    return;
  }
  res.json(shelf);
}
`;
    const made = await text(show('res.json(lamp.‸watts);'), { 'src/shelf.ts': shelf }, ['src/shelf.ts']);
    assert.match(made, /error: 'No such lamp'/);
  });

  it('says that a handler has nothing that is known for a response', async () => {
    const odd = show('res.json(lamp.‸watts);')
      .replace('req, res', 'req, out')
      .replace('res.json', 'out.json');
    assert.match(await reason(odd), /no parameter that is known for the response/);
  });

  it('throws what the neighbour throws, its subject and input replaced by ours, above the comment of the line', async () => {
    assert.equal(
      await text(`import { NotFoundError } from './errors.ts';
export async function shelf(req, res) {
  const { shelfId } = req.params;
  const shelf = await shelves.find(shelfId);
  if (!shelf) throw new NotFoundError('shelf', shelfId);
  res.json(shelf);
}
export async function show(req, res) {
  const lamp = await lamps.find(req.params.id);

  // Watts first.
  res.json({ watts: lamp!.‸watts, name: lamp!.name });
}
`),
      `import { NotFoundError } from './errors.ts';
export async function shelf(req, res) {
  const { shelfId } = req.params;
  const shelf = await shelves.find(shelfId);
  if (!shelf) throw new NotFoundError('shelf', shelfId);
  res.json(shelf);
}
export async function show(req, res) {
  const lamp = await lamps.find(req.params.id);

  if (lamp === undefined || lamp === null) throw new NotFoundError('lamp', req.params.id);
  // Watts first.
  res.json({ watts: lamp.watts, name: lamp.name });
}
`,
    );
  });

  it('imports what a neighbour in another file uses', async () => {
    const shelf = `import { NotFoundError } from '../errors.ts';
export function shelf(req) { const shelf = find(req.params.id); if (!shelf) throw new NotFoundError('shelf', req.params.id); }
`;
    const made = await text(
      `import { lamps } from './lamps.ts';\nimport { HttpError } from './errors.ts';\n${show('res.json(lamp.‸watts);')}`,
      { 'src/more/shelf.ts': shelf },
      ['src/more/shelf.ts'],
    );
    assert.match(made, /^import \{ HttpError, NotFoundError \} from '\.\/errors\.ts';$/m);
    assert.match(made, /throw new NotFoundError\('lamp', req\.params\.id\);/);
  });

  it('answers as the neighbour answers, where it answers itself', async () => {
    const made = await text(`function shelf(request, response) {
  const shelf = find(request.params.id);
  if (!shelf) return response.status(404).json({ error: 'Shelf not found' });
}
${show('res.json(lamp.‸watts);')}`);
    assert.match(
      made,
      /\{\n {4}res\.status\(404\)\.json\(\{ error: 'Lamp not found' \}\);\n {4}return;\n {2}\}\n {2}res\.json/,
    );
  });

  it('answers 400 for a query, and by itself or through next where nothing shows the way', async () => {
    const own = await guarded(`export function show(req, res) {
  const order = orders[req.query.sort];
  res.json(order.‸compare(1));
}`);
    assert.ok(own.k === 'text' && own.status === 400);
    assert.match(own.newText, /res\.status\(400\)\.json\(\{ error: 'Invalid order' \}\);/);
    assert.match(
      await text(show('res.json(lamp.‸watts);').replace('(req, res)', '(req, res, next)')),
      /next\(Object\.assign\(new Error\('No such lamp'\), \{ status: 404 \}\)\);\n {4}return;/,
    );
  });

  it('finds response and next of a handler of errors, and refuses to guess them of other frameworks', async () => {
    const of = (parameters: string): string =>
      show('res.json(lamp.‸watts);').replace('(req, res)', `(${parameters})`);
    assert.match(await text(of('error, req, res, next')), /\n {4}next\(Object\.assign\(/);
    assert.match(await reason(of('req, reply')), /no error class/);
    assert.match(await reason(of('req, next')), /no error class/);
  });

  it('does not import under the name that another file gave', async () => {
    const other = `import { NotFoundError as Missing } from './errors.ts';
export function shelf(id: string) {
  const shelf = shelves.get(id);
  if (!shelf) throw new Missing('shelf', id);
}
`;
    const made = await text(show('res.json(lamp.‸watts);'), { 'src/shelf.ts': other }, ['src/shelf.ts']);
    assert.ok(!made.includes('Missing'), made);
    assert.match(made, /res\.status\(404\)/);
  });

  it('takes `!` only for what cannot be falsy and there', async () => {
    const typed = `interface Lamp { watts: number }
export function show(req: { params: { id: string } }, res: { json(v: unknown): void; status(n: number): any }) {
  const lamp = new Map<string, Lamp>().get(req.params.id);
  res.json(lamp!.‸watts);
}`;
    assert.match(await text(typed), /if \(!lamp\) \{/);
    assert.match(
      await text(typed.replace('Map<string, Lamp>', 'Map<string, string>').replace('watts', 'length')),
      /if \(lamp === undefined\) \{/,
    );
  });

  it('keeps line endings', async () => {
    const made = await text(show('res.json(lamp.‸watts);').replaceAll('\n', '\r\n'));
    assert.ok(!/[^\r]\n/.test(made));
  });

  it('is refused with its reason', async () => {
    assert.match(await reason(show(`if (lamp === undefined) throw ‸new Error('x');`)), /on purpose/);
    assert.match(await reason(show('res.json(find(req.params.id).‸watts);')), /no name of its own/);
    assert.match(
      await reason(show('res.json(lamp && req.query.full ? lamp.‸watts : 0);')),
      /some cases only/,
    );
    assert.match(await reason(show('res.json([1].map(() => lamp.‸watts));')), /callback/);
    assert.match(
      await reason(show('if (!lamp) throw new Error("x");\n  res.json(lamp.‸watts);')),
      /checked before/,
    );
    assert.match(
      await reason(
        `export function show(req, res) {\n  const lamp = lamps.current;\n  res.json(lamp.‸watts);\n}`,
      ),
      /which input/,
    );
    assert.match(
      await reason(
        `export function show(req, res) {\n  res.json(wattsOf(req.params.id));\n}\nfunction wattsOf(id) {\n  const lamp = lamps.get(id);\n  return lamp.‸watts;\n}`,
      ),
      /no error class/,
    );
  });
});
