import { expect, it } from 'vitest';
import { handlers } from '@demo/library';

it('loads the components', async () => {
  const loaded = await handlers.loadComponents({}, { wait: async () => undefined });
  expect(loaded.components).toEqual(['button', 'text']);
});

it('notifies', () => {
  const { notifyUi } = handlers;
  void notifyUi;
  expect(true).toBe(true);
});
