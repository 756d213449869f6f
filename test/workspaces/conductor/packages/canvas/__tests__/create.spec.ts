import { expect, it } from 'vitest';
import { handlers } from '@demo/canvas';

it('creates a node', () => {
  expect(handlers.createNode({ type: 'text' }, {})).toEqual({ node: 'text' });
});
