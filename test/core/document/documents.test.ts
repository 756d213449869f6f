import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderDocuments } from '../../../src/core/document/documents.ts';
import type { Handler } from '../../../src/core/model/handler.ts';
import { evidenceFrom } from '../../../src/core/document/evidence.ts';
import { exampleInput } from '../../../src/core/document/example.ts';
import { mergePage } from '../../../src/core/document/merge.ts';
import type { DocumentInput } from '../../../src/core/document/page.ts';
import { HOSTILE, errorGroup, handlerOf, metricsOf, modelOf } from './samples.ts';

function manyHandlers(n: number): DocumentInput {
  const handlers = Array.from({ length: n }, (_, i) => {
    const [file, symbol, route] = [`src/p${i % 7}/f${i % 90}.ts`, `get${i}`, `/p${i % 7}/things/${i}/:id`];
    const id = `${file}#${symbol}@GET ${route}`;
    return handlerOf(id, { file, symbol, route, function: `${file}#${symbol}`, plugin: `p${i % 7}` });
  });
  const models = handlers.slice(0, n / 2).map((handler) => ({
    ...modelOf(handler.id, [metricsOf({ errorRate: 0.01, errorGroups: [errorGroup('thing is gone')] })]),
    handler,
  }));
  return { workspaceName: 'many', handlers, unresolved: [], evidence: evidenceFrom(models) };
}

describe('renderDocuments', () => {
  it('gives the same bytes for any order of the input', () => {
    const expected = renderDocuments(exampleInput);
    const { handlers, unresolved, evidence, tests, docs } = exampleInput;
    const twice = [...unresolved, ...unresolved.map((one) => ({ ...one, file: 'src/b.ts' }))];
    const order = renderDocuments({ ...exampleInput, unresolved: twice });
    assert.notDeepEqual(order, expected);
    const reverse = <T>(map: ReadonlyMap<string, T> | undefined) => new Map([...(map ?? [])].reverse());
    fc.assert(
      fc.property(fc.shuffledSubarray([...handlers], { minLength: handlers.length }), (shuffled) => {
        const again = renderDocuments({
          ...exampleInput,
          handlers: shuffled,
          unresolved: twice.toReversed(),
          evidence: { handlers: reverse(evidence.handlers) },
          tests: reverse(tests),
          docs: reverse(docs),
        });
        assert.deepEqual(again, order);
      }),
    );
  });

  it('renders an empty workspace', () => {
    const nothing = { workspaceName: '', handlers: [], unresolved: [], evidence: { handlers: new Map() } };
    const [specs, index] = renderDocuments(nothing);
    assert.match(specs?.body ?? '', /No handlers were found/);
    assert.match(index?.body ?? '', /No production evidence has been recorded yet/);
  });

  it('says nothing of production or tests while nothing is known of them', () => {
    const { tests: _tests, ...rest } = exampleInput;
    const [specs, index] = renderDocuments({ ...rest, evidence: { handlers: new Map() } });
    assert.doesNotMatch(specs?.body ?? '', /never seen|no test/);
    assert.match(index?.body ?? '', /Tests have not been read yet/);
    assert.match(index?.body ?? '', /^\| Handler \| Function \| Kind \|$/m);
    assert.match(index?.body ?? '', /^\| Plugin \| Handlers \|$/m);
  });

  it('has neither trailing white space nor a line that is not its own', () => {
    for (const { body } of renderDocuments(exampleInput)) {
      assert.doesNotMatch(body, /[ \t]$/m);
      assert.doesNotMatch(body, /\r/);
    }
  });

  it('splits what is too large by plugin, then by part, and every link still leads somewhere', () => {
    const input = manyHandlers(200);
    const whole = renderDocuments(input);
    assert.deepEqual(
      whole.map(({ path }) => path),
      ['HANDLER_SPECS.md', 'INDEX.md'],
    );
    const split = renderDocuments(input, { pageBytes: 20_000 });
    const paths = split.map(({ path }) => path);
    assert.ok(paths.includes('HANDLER_SPECS.p0.md') && paths.includes('HANDLER_SPECS.p0.2.md'));
    assert.equal(new Set(paths).size, paths.length);
    for (const { path, body } of split) assert.ok(Buffer.byteLength(body) < 24_000, `${path} ${body.length}`);
    const anchors = new Map(
      split.map(({ path, body }) => [
        path,
        new Set([...body.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1])),
      ]),
    );
    let links = 0;
    for (const { path, body } of split) {
      for (const [, file, anchor] of body.matchAll(/\]\(([^)#]*)#((?:h|plugin)-[^)]+)\)/g)) {
        assert.ok(anchors.get(file || path)?.has(anchor), `${path} -> ${file}#${anchor}`);
        links += 1;
      }
    }
    assert.ok(links >= 200);
    const sections = split.flatMap(({ body }) => [...body.matchAll(/^### /gm)]);
    assert.equal(sections.length, 200);
  });

  it('shows 1,000 handlers without a cut-off', () => {
    const started = performance.now();
    const documents = renderDocuments(manyHandlers(1000));
    console.log(`      1,000 handlers: ${Math.round(performance.now() - started)} ms`);
    const index = documents.find(({ id }) => id === 'INDEX');
    for (let i = 0; i < 1000; i += 1) assert.ok(index?.body.includes(`\`get${i}\``));
  });

  it('keeps the skeleton of its pages whatever the strings say', () => {
    const tame = skeleton(hostileInput('x'));
    for (const evil of HOSTILE) assert.deepEqual(skeleton(hostileInput(evil)), tame, JSON.stringify(evil));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (evil) =>
        assert.deepEqual(skeleton(hostileInput(evil)), tame),
      ),
      { numRuns: 200 },
    );
  });

  it('cannot be made to end its own markers', () => {
    for (const evil of HOSTILE) {
      for (const document of renderDocuments(hostileInput(evil))) {
        const { text } = mergePage(null, document);
        assert.equal(mergePage(text, document).state, 'unchanged');
        assert.equal(mergePage(text, { ...document, body: 'other\n' }).text.split('\n').length, 4);
      }
    }
  });
});

function hostileInput(evil: string): DocumentInput {
  const s = `a${evil}`;
  const handler: Handler = handlerOf(`${s}#${s}@GET ${s}`, {
    file: s,
    symbol: s,
    route: s,
    event: s,
    plugin: s,
    framework: s,
    registration: { file: `b${s}`, start: { line: 1, column: 1 } },
  });
  const metrics = metricsOf({ errorRate: 0.5, p95: 5000, release: s, service: s, name: s });
  const evidence = evidenceFrom([{ ...modelOf('', [metrics]), handler }]);
  const place = { file: s, start: { line: 1, column: 1 } };
  const test = { ...place, id: s, suite: [s], title: s, runner: s, placeholder: false };
  const entry = evidence.handlers.get(handler.id);
  assert.ok(entry);
  const measured = entry.measured.map((one) => ({ ...one, errorClasses: [{ type: s, message: s }] }));
  return {
    workspaceName: s,
    handlers: [handler],
    unresolved: [{ ...place, framework: s, code: s, reason: s }],
    evidence: { handlers: new Map([[handler.id, { ...entry, measured }]]) },
    tests: new Map([
      [handler.id, { level: 'called', passed: 0, failed: 0, notRun: 1, tests: [{ test, level: 'called' }] }],
    ]),
    docs: new Map([
      [handler.id, { signature: s.replace(/[\r\n\u2028\u2029]/g, ' '), throws: [s], callsOut: [s] }],
    ]),
  };
}

/** Every line reduced to what makes it a heading, row, item or comment. */
function skeleton(input: DocumentInput): readonly string[] {
  return renderDocuments(input).flatMap(({ body }) =>
    body.split('\n').map((line) => {
      if (line.startsWith('|')) return `row of ${line.split('|').length}`;
      if (/^(?:<!--|#+ )/.test(line)) return line.startsWith('<') ? line : `heading ${line.indexOf(' ')}`;
      return /^(?:- |\*\*|<a id="|`{3,}| {2}`{3,}| {2}|>|$)/.exec(line)?.[0].replace(/`+/, '```') ?? 'text';
    }),
  );
}
