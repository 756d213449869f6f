import assert from 'node:assert/strict';
import { createParserThread } from '../../src/vscode/parser-thread.ts';

const parserWorker = new URL('../../src/vscode/parser-worker.ts', import.meta.url);

describe('parser thread', function () {
  this.timeout(60_000);

  it('gives the facts of each text in order', async () => {
    const parser = createParserThread(parserWorker);
    const [a, b] = await Promise.all([
      parser.parse([{ path: 'a.ts', text: 'export function first() {}' }]),
      parser.parse([
        { path: 'b.ts', text: 'export const second = () => 1;' },
        { path: 'c.ts', text: 'function broken( {' },
      ]),
    ]);
    assert.deepEqual(
      a.map((file) => [file.path, file.functions[0]?.symbol]),
      [['a.ts', 'first']],
    );
    assert.deepEqual(
      b.map((file) => file.path),
      ['b.ts', 'c.ts'],
    );
    assert.ok(b[1]!.syntaxErrors > 0);
    await parser.close();
  });

  it('replaces a thread that dies and refuses what it dies over twice', async () => {
    const dying = new URL(
      `data:text/javascript,${encodeURIComponent(`
        import { parentPort } from 'node:worker_threads';
        parentPort.on('message', ({ id, texts }) => {
          if (texts[0].text === 'deadly') process.exit(1);
          parentPort.postMessage({ id, facts: texts.map(({ path }) => ({ path })) });
        });`)}`,
    );
    const parser = createParserThread(dying);
    const deadly = assert.rejects(parser.parse([{ path: 'x.ts', text: 'deadly' }]), /ended while reading/);
    const [answer] = await parser.parse([{ path: 'a.ts', text: 'fine' }]);
    assert.equal(answer?.path, 'a.ts');
    await deadly;
    await parser.close();
  });
});
