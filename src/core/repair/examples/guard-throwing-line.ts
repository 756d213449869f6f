import type { Recipe } from '../recipe.ts';

export const guardExample: Recipe['example'] = { before: {}, after: {}, input: {} as never };
