import assert from 'node:assert/strict';
import * as registry from '../../../../src/core/sequences/dialects/registry.ts';
import { readSequences } from '../../../../src/core/sequences/read.ts';

describe('dialects of sequences', () => {
  for (const { id, example } of Object.values(registry)) {
    it(`${id}: its example gives its beats`, () => {
      const { sequences, problems } = readSequences(new Map(Object.entries(example.files)), []);
      const beats = sequences.flatMap((sequence) =>
        sequence.movements.flatMap((movement) =>
          movement.beats.map(({ event = '?', handler = '?' }) => `${sequence.id}: ${event} -> ${handler}`),
        ),
      );
      assert.deepEqual(beats.toSorted(), example.beats.toSorted());
      assert.deepEqual(problems, []);
      assert.ok(sequences.every(({ dialect }) => dialect === id));
    });

    it(`${id}: every truncation of its example is a located problem or smaller`, () => {
      for (const [path, text] of Object.entries(example.files)) {
        for (let end = 0; end < text.trimEnd().length; end++) {
          const { problems } = readSequences(new Map([[path, text.slice(0, end)]]), []);
          const [problem] = problems;
          assert.equal(problem?.code, 'broken-sequence', `${path} up to ${end}`);
          assert.ok((problem.line ?? 0) >= 1 && problem.file === path);
        }
      }
    });
  }
});
