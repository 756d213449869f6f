import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Expr, FileFacts } from '../../../src/core/code/facts.ts';
import { loadParser, type ParseFacts } from '../../../src/core/code/parse.ts';

describe('facts of a file', () => {
  let parse: ParseFacts = () => assert.fail('not loaded');
  before(async () => {
    parse = await loadParser();
  });
  const facts = (text: string, path = 'a.ts'): FileFacts => parse(path, text);

  it('lists imports of every kind with their places', () => {
    const { imports } = facts(`import a from 'a';
import type { B } from 'b';
export * from 'c';
const d = require('d');
const e = () => import('e');
import f = require('f');
export type { G } from 'g';`);
    assert.deepEqual(
      imports.map((i) => [i.source, i.kind, i.at.line]),
      [
        ['a', 'import', 1],
        ['b', 'type', 2],
        ['c', 're-export', 3],
        ['d', 'require', 4],
        ['e', 'dynamic', 5],
        ['f', 'import', 6],
        ['g', 'type', 7],
      ],
    );
  });

  it('lists exports of both module systems', () => {
    const names = (text: string): unknown =>
      facts(text).exports.map((e) => ('source' in e ? [e.name, e.source, e.imported] : e.name));
    assert.deepEqual(
      names(`export const { a, b: [c] } = x; export function f() {} export class K {} export enum E { A }`),
      ['a', 'c', 'f', 'K', 'E'],
    );
    assert.deepEqual(
      names(
        `export { a as b, default } from './x'; export * as ns from './y'; export * from './z'; const q = 1; export { q as r };`,
      ),
      [['b', './x', 'a'], ['default', './x', 'default'], ['ns', './y', '*'], ['*', './z', '*'], 'r'],
    );
    assert.deepEqual(
      names(
        `exports.a = 1; module.exports.b = () => {}; module.exports = { c() {} }; exports = module.exports = z;`,
      ),
      ['a', 'b', '=', '=', '='],
    );
    assert.deepEqual(names(`export default () => {};`), ['default']);
    assert.deepEqual(names(`export = thing;`), ['=']);
  });

  it('names functions with their qualified names and places', () => {
    const { functions } = facts(`function plain() { const inner = () => {}; return function () {}; }
const arrow = async () => {};
class K { method() {} static s() {} field = () => {}; get g() { return 1; } constructor() {} }
const o = { m() {}, deep: { f: function named() {} }, 'quoted-key': () => {} };
const wrapped = outer(inner(async () => {}));
export default { run() {} };
list.map((x) => x);`);
    assert.deepEqual(
      functions.map((f) => `${f.symbol} ${f.naming} ${f.at.line}:${f.at.column}`),
      [
        'plain own 1:10',
        'plain.inner own 1:26',
        'plain returned 1:51',
        'arrow own 2:7',
        'K.method own 3:11',
        'K.s own 3:30',
        'K.field own 3:37',
        'K.g own 3:59',
        'K.constructor own 3:77',
        'o.m own 4:13',
        'o.deep.f own 4:29',
        'o.quoted-key own 4:55',
        'wrapped wrapped 5:7',
        'run own 6:18',
        ' none 7:10',
      ],
    );
  });

  it('records calls in source order with arguments and the enclosing function, as tests are found by them', () => {
    const file = facts(`import { it, describe } from 'vitest';
describe('users', () => {
  it('lists', async () => {
    await request(app).get('/users?limit=1').expect(200);
  });
  it.each([[1], [2]])('case %i', (n) => { expect(n).toBe(n); });
});`);
    const name = (e: Expr): string =>
      e.k === 'name'
        ? e.name
        : e.k === 'member'
          ? `${name(e.object)}.${e.name}`
          : e.k === 'call'
            ? `${name(file.calls[e.call]?.callee ?? e)}()`
            : e.k;
    assert.deepEqual(
      file.calls.map((call) => [name(call.callee), call.fn, call.at.line]),
      [
        ['describe', -1, 2],
        ['it', 0, 3],
        ['request().get().expect', 1, 4],
        ['request().get', 1, 4],
        ['request', 1, 4],
        ['it.each()', 0, 6],
        ['it.each', 0, 6],
        ['expect().toBe', 2, 6],
        ['expect', 2, 6],
      ],
    );
    assert.deepEqual(file.calls[3]?.args, [{ k: 'text', value: '/users?limit=1' }]);
    assert.deepEqual(file.calls[5]?.args[0], { k: 'text', value: 'case %i' });
  });

  it('keeps decorators with their arguments, parameter types and properties', () => {
    const { classes, calls, functions } = facts(`@Controller('cats')
export class Cats extends Base {
  constructor(private readonly service: CatService) {}
  @Get(':id') @Roles('admin') find(@Param('id') id: string) {}
  @Inject() repo: ns.Repo;
}`);
    const decorators = classes[0]?.members.map((m) =>
      m.decorators.map((d) => (d.value.k === 'call' ? calls[d.value.call]?.args : d.value)),
    );
    assert.deepEqual(decorators, [
      [],
      [[{ k: 'text', value: ':id' }], [{ k: 'text', value: 'admin' }]],
      [[]],
    ]);
    assert.deepEqual(classes[0]?.decorators.length, 1);
    assert.deepEqual(classes[0]?.extends, { k: 'name', name: 'Base' });
    assert.deepEqual(functions[0]?.params, [{ name: 'service', rest: false, type: 'CatService' }]);
    assert.equal(classes[0]?.members[2]?.type, 'ns.Repo');
  });

  it('hashes the syntax of a function, not its comments, white space or quotes', () => {
    const hash = (text: string): string | undefined => facts(text).functions[0]?.hash;
    const base = hash(`function f(a) { return a + "x"; }`);
    assert.match(base ?? '', /^[0-9a-f]{16}$/);
    assert.equal(hash(`// moved\n\nfunction  f( a ) {\n  /* why */ return a + 'x'\n}\nother();`), base);
    for (const other of [
      `function f(b) { return b + "x"; }`,
      `function f(a) { return a - "x"; }`,
      `function f(a) { return a + "y"; }`,
      `function f(a) { return "x" + a; }`,
      `async function f(a) { return a + "x"; }`,
      `function f(a, b) { return a + "x"; }`,
      `function f(a) { return -a + "x"; }`,
      `function f(a) { let q; return a + "x"; }`,
      `function f(a) { { return a + "x"; } }`,
    ]) assert.notEqual(hash(other), base, other); // prettier-ignore
    assert.notEqual(hash(`function f() { let a = 1; }`), hash(`function f() { const a = 1; }`));
    assert.notEqual(hash(`function f() { i++; }`), hash(`function f() { i--; }`));
  });

  it('is plain data', () => {
    const file = facts(
      `import { Router } from 'express'; const r = Router({ a: /x/ }); r.get(\`/\${base}\`, [...list], (req) => req?.x ?? 1); const __proto__ = 1;`,
    );
    assert.deepEqual(JSON.parse(JSON.stringify(file)), file);
    assert.deepEqual(structuredClone(file), file);
  });

  it('reads what is there of a broken file and never throws', () => {
    const broken = facts(`const a = require('a');\nfunction ok() {}\napp.get('/x', (req, res) => {\n  if (`);
    assert.ok(broken.syntaxErrors > 0);
    assert.deepEqual(
      broken.functions.map((f) => f.symbol),
      ['ok', ''],
    );
    assert.equal(facts('[\n'.repeat(100_000), 'deep.js').syntaxErrors, 1);
    assert.equal(
      facts(`const s = ${Array.from({ length: 20_000 }, (_, i) => `'${i}'`).join(' + ')};`).path,
      'a.ts',
    );
    assert.equal(facts('\u0000\u0001\uD800 \uFFFF', 'binary.ts').path, 'binary.ts');
    assert.deepEqual(facts('', 'empty.ts').body, []);
  });

  it('reads JSX, also in .js, and TypeScript before generics', () => {
    assert.equal(
      facts(`const a = () => <div onClick={() => go()}>{list.map((x) => <b>{x}</b>)}</div>;`, 'a.tsx')
        .syntaxErrors,
      0,
    );
    const js = facts(`export const Page = () => <div onClick={() => go()} />;`, 'a.js');
    assert.deepEqual([js.syntaxErrors, js.calls.length], [0, 1]);
    assert.equal(facts(`const a = <T>(x: T) => x; const b = <any>c;`, 'a.ts').syntaxErrors, 0);
  });

  it('leaves bundles and declarations unread', () => {
    const bundle = `var a=function(){};`.repeat(3000);
    assert.deepEqual(facts(bundle, 'public/app.js').functions, []);
    assert.deepEqual(facts(`export function f(): void;`, 'a.d.ts').exports, []);
    assert.equal(facts(`function f() {}\n`.repeat(3000), 'long.ts').functions.length, 3000);
  });

  it('survives any text', () => {
    const piece = fc.constantFrom(
      'app.get(',
      "'/x'",
      '(',
      ')',
      '{',
      '}',
      '=>',
      'class A',
      'export ',
      'default ',
      'function f',
      '`${',
      '`',
      ';',
      '...',
      'import ',
      '@D()',
      'module.exports=',
      ',',
      '[',
      ']',
      'for(const [a] of b)',
      'enum E{',
      '\n',
      '/*',
      '<A>',
      'super',
      'this.x=',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 40 }), (parts) => {
        const file = facts(parts.join(''));
        return Number.isInteger(file.syntaxErrors);
      }),
      { numRuns: 300 },
    );
  });
});
