import assert from 'node:assert/strict';
import { NO_EVIDENCE } from '../../../../src/core/document/evidence.ts';
import type { DocumentInput } from '../../../../src/core/document/page.ts';
import { handlerSpecs } from '../../../../src/core/document/pages/handler-specs.ts';
import { anchorOf, viewOf } from '../../../../src/core/document/view.ts';
import type { Handler } from '../../../../src/core/model/handler.ts';
import type { HandlerTests } from '../../../../src/core/model/test.ts';
import { handlerOf } from '../samples.ts';

const place = { line: 1, column: 1 };
const route = { method: 'POST', route: '/x' };
const at = (line: number, column: number) => ({ file: 'src/app.ts', start: { line, column } });

function render(input: Partial<DocumentInput>): string {
  const all = { workspaceName: 'w', handlers: [], unresolved: [], evidence: NO_EVIDENCE, ...input };
  return handlerSpecs.render(viewOf(all))[0]?.body ?? '';
}

describe('HANDLER_SPECS', () => {
  it('shows who runs for a route in the order of registration, per package and method', () => {
    const handlers = [
      handlerOf('1', { ...route, symbol: 'last', registration: at(7, 30) }),
      handlerOf('2', { ...route, symbol: 'second', registration: at(7, 20) }),
      handlerOf('3', { ...route, symbol: 'first', registration: at(5, 90) }),
      handlerOf('4', { ...route, symbol: 'elsewhere', package: 'other' }),
      handlerOf('5', { ...route, symbol: 'reader', method: 'GET' }),
    ];
    const orders = [...render({ handlers }).matchAll(/\*\*Runs in this order\*\*: (.*)/g)].map((match) =>
      [...(match[1] ?? '').matchAll(/`(\w+)`/g)].map((symbol) => symbol[1]),
    );
    assert.deepEqual(
      orders,
      Array.from({ length: 3 }, () => ['first', 'second', 'last']),
    );
  });

  it('knows who runs first within one registration by place or kind, else does not pretend to', () => {
    const one = (symbol: string, more: Partial<Handler>) =>
      handlerOf(`${symbol}#`, { ...route, symbol, registration: at(5, 1), ...more });
    const order = (handlers: readonly Handler[]) =>
      /\*\*R(?:uns|egistered for)[^:]*: .*/.exec(render({ handlers }))?.[0] ?? '';
    const kinds = order([one('a', {}), one('b', { kind: 'middleware' })]);
    assert.match(kinds, /Runs in this order.*`b`.*, then .*`a`/);
    const placed = ['b', 'a', 'c'].map((symbol, i) =>
      one(symbol, { registration: { ...at(5, 1), order: i } }),
    );
    assert.match(order(placed), /Runs in this order.*`b`.*, then .*`a`.*, then .*`c`/);
    assert.match(order([one('a', {}), one('b', {})]), /order is not known.*`a`.*, .*`b`/);
    const apart = one('b', { registration: { ...at(5, 1), file: 'src/z.ts' } });
    assert.match(order([one('a', {}), apart]), /order is not known/);
  });

  it('takes the order that the code intelligence gives, without handlers it does not know', () => {
    const handlers = [handlerOf('1', { symbol: 'one' }), handlerOf('2', { symbol: 'two', route: '/other' })];
    const body = render({ handlers, docs: new Map([['1', { chain: ['gone', '2', '1'] }]]) });
    assert.match(body, /\*\*Runs in this order\*\*: \[`two`\]\(#[\w-]+\), then \*\*`one`\*\*\n/);
  });

  it('lists tests by level and id, whatever order they come in', () => {
    const test = (id: string, level: 'called' | 'executed') => {
      const file = 'test/a.test.ts';
      return {
        level,
        test: { id, file, suite: [], title: id, start: place, runner: 'vitest', placeholder: false },
      };
    };
    const tests = [test('c', 'called'), test('d', 'executed'), test('b', 'called')];
    const linked: HandlerTests = { level: 'executed', passed: 0, failed: 0, notRun: 3, tests };
    const body = render({ handlers: [handlerOf('1')], tests: new Map([['1', linked]]) });
    const titles = [...body.matchAll(/^- (executed|called): (\w)/gm)].map((match) => match[2]);
    assert.deepEqual(titles, ['d', 'b', 'c']);
  });

  it('has anchors that depend on the handler alone', () => {
    const handler = handlerOf('src/a.ts#a@GET /a');
    assert.match(anchorOf(handler), /^h-a-get-a-[0-9a-f]{8}$/);
    assert.equal(anchorOf({ ...handler, start: { line: 99, column: 9 } }), anchorOf(handler));
    assert.notEqual(anchorOf({ ...handler, id: 'src/b.ts#a@GET /a' }), anchorOf(handler));
  });

  it('says when a function could not be followed', () => {
    assert.match(render({ handlers: [handlerOf('1', { resolved: false })] }), /could not be followed/);
  });
});
