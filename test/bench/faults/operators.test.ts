import assert from 'node:assert/strict';
import { Project, SyntaxKind, type Node } from 'ts-morph';
import { applied, type Operator } from '../../../bench/faults/operator.ts';
import * as registry from '../../../bench/faults/operators/registry.ts';

/** What an operator is given: the function of an example, or its test block. */
function subjectOf(operator: Operator, text: string): Node {
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { strict: true } });
  const file = project.createSourceFile('a.ts', text);
  const kind = operator.class === 'coverage' ? SyntaxKind.CallExpression : SyntaxKind.FunctionDeclaration;
  return file.getFirstDescendantByKindOrThrow(kind);
}

describe('operators that inject faults', () => {
  for (const operator of Object.values<Operator>(registry)) {
    it(`${operator.id}: changes its example as it says, and nothing else`, () => {
      const { before, after } = operator.example;
      const sites = operator.sites(subjectOf(operator, before), 'typescript');
      assert.deepEqual(
        sites.map(({ edits }) => applied(before, edits)),
        [after],
      );
      const lines = after.split('\n').length;
      assert.ok(sites.every(({ line }) => line >= 1 && line <= lines));
    });
  }
});
