import assert from 'node:assert/strict';
import { newProblems, readDiagnostics } from '../../../src/core/validate/type-errors.ts';

describe('diagnostics of the type checker', () => {
  it('are read with the lines that go on with them', () => {
    const lines = [
      "src/a (copy).ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.",
      '  The expected type comes from here.',
      'error TS18003: No inputs were found.',
      '',
      'Found 2 errors.',
      String.raw`packages\b\src\b.ts(10,1): error TS2304: Cannot find name 'x'.`,
    ];
    assert.deepEqual(readDiagnostics(lines), [
      {
        file: 'src/a (copy).ts',
        line: 3,
        code: 'TS2322',
        message: "Type 'string' is not assignable to type 'number'.\n  The expected type comes from here.",
      },
      { file: '', line: 0, code: 'TS18003', message: 'No inputs were found.' },
      { file: 'packages/b/src/b.ts', line: 10, code: 'TS2304', message: "Cannot find name 'x'." },
    ]);
  });

  it('are new when they occur more often than before, wherever they moved', () => {
    const at = (line: number, message = 'm', file = 'a.ts') => ({ file, line, code: 'TS1', message });
    assert.deepEqual(newProblems([at(1), at(5)], [at(3), at(9)]), []);
    assert.deepEqual(newProblems([at(1)], [at(3), at(9)]), [at(9)]);
    assert.deepEqual(newProblems([at(1)], [at(1, 'other')]), [at(1, 'other')]);
    assert.deepEqual(newProblems([at(1)], [at(1, 'm', 'b.ts')]), [at(1, 'm', 'b.ts')]);
    assert.deepEqual(newProblems([at(1)], []), []);
  });
});
