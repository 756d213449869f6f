import type { CodeAnalysis, SourceHost } from './analysis.ts';
import { awaitsInLoops } from './analyse/await-in-loop.ts';
import { throwSiteAt } from './analyse/throw-site.ts';
import { boundConcurrency } from './edit/bound-concurrency.ts';
import { guard } from './edit/guard.ts';
import { createPrograms } from './program-files.ts';

/** A close look at the files of a workspace as `host` gives them; the compiler is loaded by the first question. */
export function createCodeAnalysis(host: SourceHost): CodeAnalysis {
  const programs = createPrograms(host);
  const unreadable = (file: string) => ({ k: 'refused', reason: `${file} cannot be read.` }) as const;
  return {
    async awaitsInLoops({ file, start }) {
      const program = await programs.over([file]);
      return program === null ? [] : awaitsInLoops(program, file, start);
    },
    async throwSiteAt(file, at, message) {
      const program = await programs.over([file]);
      return program === null ? null : throwSiteAt(program, file, at, message);
    },
    async boundConcurrency(loop, limit) {
      const program = await programs.over([loop.file]);
      return program === null ? unreadable(loop.file) : boundConcurrency(program, loop, limit);
    },
    async guard(site, handler, models = []) {
      const program = await programs.over([...new Set([handler.file, site.site.file, ...models])]);
      return program === null ? unreadable(site.site.file) : guard(program, site, handler, models);
    },
    invalidate: programs.invalidate,
  };
}
