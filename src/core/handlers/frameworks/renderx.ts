import { handlerFinder } from '../beats/find-handler.ts';
import type { Findings, Framework, FrameworkRun } from '../framework.ts';

/** Handlers of a conductor's beats: declared in JSON, found in the package that the declaration names. */
export const renderx: Framework = {
  id: 'renderx',
  title: 'RenderX MusicalConductor beats',
  packages: [],
  mayRegister: () => false,
  begin,
  example: {
    files: {
      'packages/library/package.json': `{ "name": "@demo/library", "exports": { ".": "./dist/index.js" } }`,
      'packages/library/json-sequences/library/index.json': `{ "sequences": [{ "file": "load.json", "handlersPath": "@demo/library" }] }`,
      'packages/library/json-sequences/library/load.json': `{ "pluginId": "LibraryPlugin", "id": "load", "name": "Load", "movements": [{ "id": "m", "name": "M", "beats": [
  { "beat": 1, "event": "library:load", "handler": "loadComponents" },
  { "beat": 2, "event": "library:notify", "handler": "notifyUi" },
  { "beat": 3, "event": "library:done", "handler": "done" }
] }] }`,
      'packages/library/src/index.ts': `import { more } from './more';
import { loadComponents } from './load';
const merged = { loadComponents, ...more, done(data: unknown, ctx: unknown) { return data; } };
export { merged as handlers };
`,
      'packages/library/src/load.ts': `export { load as loadComponents } from './load.io';
`,
      'packages/library/src/load.io.ts': `export async function load(data: unknown, ctx: unknown) { return {}; }
`,
      'packages/library/src/more.ts': `const notify = (data: unknown, ctx: unknown) => {};
export const more = { notifyUi: notify };
`,
    },
    handlers: [
      'packages/library/src/index.ts#merged.done@library:done',
      'packages/library/src/load.io.ts#load@library:load',
      'packages/library/src/more.ts#notify@library:notify',
    ],
  },
};

function begin(findings: Findings): FrameworkRun {
  return {
    call: () => undefined,
    parameter: () => undefined,
    strayCall: () => undefined,
    finish: () => undefined,
    declared(sequences, code) {
      for (const sequence of sequences.filter(({ dialect }) => dialect === renderx.id)) {
        const find = handlerFinder(sequence, code);
        for (const { event, handler, title, at, end } of sequence.movements.flatMap(({ beats }) => beats)) {
          const site = { file: { path: sequence.file }, at, end };
          if (handler === undefined) {
            findings.unresolved(site, 'no-handler', 'The beat names no handler.');
            continue;
          }
          const found = find(handler);
          // A beat without an event of its own is called by its place in the sequence.
          const of = event ?? `${sequence.id} ${title ?? handler}`;
          if (found.k === 'found') findings.register({ kind: 'beat', event: of, handler: found.value, site });
          else findings.unresolved(site, found.code, found.reason);
        }
      }
    },
  };
}
