import type { Recipe } from '../recipe.ts';

export const generateTestExample: Recipe['example'] = { before: {}, after: {}, input: {} as never };
