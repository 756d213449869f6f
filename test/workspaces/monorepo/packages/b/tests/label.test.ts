import { expect, it } from 'vitest';
import { label } from '../src/label.ts';

it('names the thing and its price', () => {
  expect(label('Whisk', 19_99)).toBe('Whisk: 19.99');
});
