import type { NoFix, RecipeInput, RecipePorts } from '../recipe.ts';
import type { TestPlan } from './test-plan.ts';

/** A test file for the handler of the input, or why none can be written here. */
export function planTest(_input: RecipeInput, _ports: RecipePorts): Promise<TestPlan | NoFix> {
  return Promise.resolve({ k: 'no-fix', reason: 'No tests can be written yet.' });
}
