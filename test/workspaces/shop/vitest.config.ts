import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'inventory/tests/**/*.test.ts'],
    // The services answer with simulated database times: a few parallel files finish sooner than many.
    maxWorkers: 2,
  },
});
