import assert from 'node:assert/strict';
import fc from 'fast-check';
import { oldRange, parseHunks, type Hunk } from '../../../src/core/deliver/changes.ts';

describe('lines before and after a change', () => {
  it('reads hunks with and without counts', () => {
    const diff = 'diff --git a b\n@@ -3 +3,2 @@ x\n-a\n+b\n+c\n@@ -9,2 +10,0 @@\n-@@ -1 +1 @@\n';
    assert.deepEqual(parseHunks(diff), [
      { oldStart: 3, oldCount: 1, newStart: 3, newCount: 2 },
      { oldStart: 9, oldCount: 2, newStart: 10, newCount: 0 },
    ]);
  });

  it('finds the old place of every line that stayed, and knows the new ones', () => {
    const pieces = fc.array(
      fc.record({ same: fc.integer({ min: 1, max: 4 }), gone: fc.nat(3), come: fc.nat(3) }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(pieces, (list) => {
        const hunks: Hunk[] = [];
        const oldOf: (number | null)[] = [];
        let oldLine = 0;
        for (const { same, gone, come } of list) {
          for (let i = 0; i < same; i++) oldOf.push(++oldLine);
          if (gone + come === 0) continue;
          const newLine = oldOf.length;
          hunks.push({
            oldStart: gone === 0 ? oldLine : oldLine + 1,
            oldCount: gone,
            newStart: come === 0 ? newLine : newLine + 1,
            newCount: come,
          });
          oldLine += gone;
          for (let i = 0; i < come; i++) oldOf.push(null);
        }
        for (const [i, old] of oldOf.entries()) {
          const { range, touched } = oldRange(hunks, { start: i + 1, end: i + 1 });
          if (old === null) assert.equal(touched, true);
          else assert.deepEqual([range, touched], [{ start: old, end: old }, false]);
        }
        const all = oldRange(hunks, { start: 1, end: Math.max(1, oldOf.length) });
        const kept = oldOf.filter((line) => line !== null);
        if (kept.length > 0)
          assert.ok(all.range !== null && all.range.start <= kept[0]! && all.range.end >= kept.at(-1)!);
      }),
    );
  });
});
