import assert from 'node:assert/strict';
import * as registry from '../../../../src/core/handlers/frameworks/registry.ts';
import { indexOf } from '../workspace.ts';

describe('frameworks', () => {
  for (const framework of Object.values(registry)) {
    it(`${framework.id}: its example gives its handlers`, async () => {
      const { index } = await indexOf(framework.example.files);
      assert.deepEqual(
        index.handlers.map((handler) => handler.id),
        framework.example.handlers,
      );
      assert.ok(index.handlers.every((handler) => handler.framework === framework.id && handler.resolved));
    });

    it(`${framework.id}: half of its example never throws`, async () => {
      for (const [path, text] of Object.entries(framework.example.files)) {
        for (let end = 0; end < text.length; end += 7) {
          await indexOf({ ...framework.example.files, [path]: text.slice(0, end) });
        }
      }
    });
  }
});
