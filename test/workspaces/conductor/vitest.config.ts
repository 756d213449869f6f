import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: ['library', 'canvas', 'report'].map((name) => ({
      find: `@demo/${name}`,
      replacement: new URL(`packages/${name}/src/index.ts`, import.meta.url).pathname,
    })),
  },
  test: { include: ['packages/*/__tests__/**/*.spec.ts'] },
});
