import assert from 'node:assert/strict';
import { createProblemBook } from '../../../src/core/engine/problem-book.ts';

const problem = (file: string, line: number, count = 1) => ({
  file,
  line,
  code: 'torn-line',
  message: 'Torn.',
  count,
});

describe('problem book', () => {
  it('adds equal problems of one file up and keeps the first line', () => {
    const book = createProblemBook();
    book.add([problem('a.jsonl', 3), problem('a.jsonl', 9, 4), problem('b.jsonl', 1)]);
    assert.deepEqual(
      book.list().map(({ file, line, count }) => [file, line, count]),
      [
        ['a.jsonl', 3, 5],
        ['b.jsonl', 1, 1],
      ],
    );
    assert.equal(book.count(), 6);
  });

  it('replaces the problems of an input that is read again', () => {
    const book = createProblemBook();
    book.set('config', [problem('suture.json', 1)]);
    book.set('config', []);
    assert.deepEqual(book.list(), []);
  });

  it('stays bounded and still counts every problem', () => {
    const book = createProblemBook();
    for (let i = 0; i < 2000; i++) book.add([problem(`${i}.jsonl`, 1)]);
    assert.ok(book.list().length < 600);
    assert.equal(book.count(), 2000);
  });
});
