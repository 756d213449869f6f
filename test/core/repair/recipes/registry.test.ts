import assert from 'node:assert/strict';
import * as registry from '../../../../src/core/repair/recipes/registry.ts';
import type { Draft, NoFix, Recipe } from '../../../../src/core/repair/recipe.ts';
import { typeErrors } from '../../code/type-errors.ts';
import { draftIn } from './drafted.ts';

const recipes: readonly Recipe[] = Object.values(registry);

const said = (made: Draft | NoFix): string => (made.k === 'draft' ? made.title : made.reason);

describe('recipes', function () {
  this.timeout(60_000);

  it('has members', () => assert.notEqual(recipes.length, 0));

  for (const recipe of recipes) {
    describe(recipe.id, () => {
      const { before, after } = recipe.example;

      it('makes of its example before exactly the example after', async () => {
        const made = await draftIn(recipe, before);
        const edits = made.k === 'draft' ? made.edits : [];
        assert.deepEqual(
          { ...before, ...Object.fromEntries(edits.map(({ file, newText }) => [file, newText])) },
          after,
          said(made),
        );
        for (const { file, newText } of edits) assert.notEqual(newText, before[file], `${file} is no edit`);
      });

      it('finds nothing to do in the example after', async () => {
        const made = await draftIn(recipe, after);
        assert.ok(made.k === 'no-fix', said(made));
        assert.match(made.reason, /^\S.*\.$/, 'a sentence');
      });

      it('adds no type error', () => {
        // The examples carry no types of packages: what is wrong for that reason is wrong before and after.
        const known = new Set(typeErrors(before, false));
        assert.deepEqual(
          typeErrors(after, false).filter((message) => !known.has(message)),
          [],
        );
      });
    });
  }
});
