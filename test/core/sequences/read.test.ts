import assert from 'node:assert/strict';
import { readSequences } from '../../../src/core/sequences/read.ts';

const sequence = (id: string, handler = 'go'): string =>
  JSON.stringify({ id, name: id, movements: [{ name: 'm', beats: [{ event: 'a:b', handler }] }] });

describe('declared sequences', () => {
  it('give the place of every beat, behind a byte-order mark and over CRLF', () => {
    const text =
      '\uFEFF{"id":"s","name":"S","movements":[\r\n {"name":"m","beats":[\r\n  {"beat":3,"event":"x"},{"beat":3,"event":"y"}]}]}';
    const { sequences } = readSequences(new Map([['json-sequences/s.json', text]]), []);
    const beats = sequences[0]?.movements[0]?.beats ?? [];
    assert.deepEqual(
      beats.map(({ number, event, at }) => [number, event, at]),
      [
        [3, 'x', { line: 3, column: 3 }],
        [3, 'y', { line: 3, column: 26 }],
      ],
    );
    assert.deepEqual(beats[0]?.end, { line: 3, column: 25 });
  });

  it('show an id once: the file in the package of its handlers, with its copies', () => {
    const index = '{"sequences":[{"file":"s.json","handlersPath":"@x/lib"}]}';
    const files = new Map([
      ['src/Port/json-sequences/index.json', index],
      ['src/Port/json-sequences/s.json', sequence('s')],
      ['public/json-sequences/s.json', sequence('s')],
      ['packages/lib/json-sequences/index.json', index],
      ['packages/lib/json-sequences/s.json', sequence('s')],
    ]);
    const { sequences } = readSequences(files, [{ name: '@x/lib', dir: 'packages/lib' }]);
    assert.deepEqual(
      sequences.map(({ file, copies, handlersPath }) => ({ file, copies, handlersPath })),
      [
        {
          file: 'packages/lib/json-sequences/s.json',
          copies: ['public/json-sequences/s.json', 'src/Port/json-sequences/s.json'],
          handlersPath: '@x/lib',
        },
      ],
    );
  });

  it('tell what is no sequence, and go on beside what is broken', () => {
    const files = new Map([
      ['json-sequences/package.json', '{"name":"x","movements":[]}'],
      ['json-sequences/a.workflow.v2.json', '{"movements":[]}'],
      ['json-sequences/steps.json', '{"steps":[]}'],
      ['json-sequences/bad.json', '{\n "id": oops }'],
      [
        'json-sequences/odd.json',
        '{"id":"odd","movements":[{"name":"m"},{"name":"n","beats":["x",{"event":"e"}]}]}',
      ],
      ['json-sequences/good.json', sequence('good')],
    ]);
    const { sequences, problems, others } = readSequences(files, []);
    assert.deepEqual(
      sequences.map(({ id }) => id),
      ['good', 'odd'],
    );
    assert.deepEqual(
      problems.map(({ file, line, code }) => `${file}:${line} ${code}`),
      [
        'json-sequences/bad.json:2 broken-sequence',
        'json-sequences/odd.json:1 no-beats',
        'json-sequences/odd.json:1 no-beat',
      ],
    );
    assert.equal(others.length, 3);
  });

  it('never let an index point out of its folder', () => {
    const files = new Map([
      [
        'a/json-sequences/index.json',
        '{"sequences":[{"file":"../../b/json-sequences/s.json","handlersPath":"@x/evil"}]}',
      ],
      ['b/json-sequences/s.json', sequence('s')],
    ]);
    assert.equal(readSequences(files, []).sequences[0]?.handlersPath, undefined);
  });
});
