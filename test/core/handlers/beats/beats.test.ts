import assert from 'node:assert/strict';
import { createCorrelator } from '../../../../src/core/handlers/correlate.ts';
import { resolvedBeats } from '../../../../src/core/handlers/beats/resolved-beats.ts';
import { renderx } from '../../../../src/core/handlers/frameworks/renderx.ts';
import { readSequences } from '../../../../src/core/sequences/read.ts';
import { indexOf, type Files } from '../workspace.ts';

const sequence = (pluginId: string, id: string, beats: readonly (readonly [string, string])[]): string =>
  JSON.stringify({
    pluginId,
    id,
    name: `Play ${id}`,
    movements: [
      {
        id: 'm',
        name: 'M',
        beats: beats.map(([event, handler]) => ({ event, ...(handler && { handler }) })),
      },
    ],
  });

const files: Files = {
  'package.json': '{ "name": "app" }',
  'packages/a/package.json':
    '{ "name": "@x/a", "exports": { ".": "./dist/index.js", "./parts/*": "./dist/parts/*.js" } }',
  'packages/a/json-sequences/index.json': JSON.stringify({
    sequences: [
      { file: 'one.json', handlersPath: '@x/a/parts/one' },
      { file: 'gone.json', handlersPath: '@x/gone' },
    ],
  }),
  'packages/a/json-sequences/one.json': sequence('APlugin', 'one', [
    ['a:one', 'viaProperty'],
    ['a:two', 'arrow'],
    ['a:three', 'missing'],
    ['a:four', ''],
    ['shared:notify', 'notifyUi'],
  ]),
  'packages/a/json-sequences/gone.json': sequence('APlugin', 'gone', [['a:gone', 'x']]),
  'packages/a/src/parts/one.ts': `import * as all from './all';
export const handlers = { viaProperty: all.tools.run, arrow: async (data: unknown) => data, notifyUi };
function notifyUi() {}
`,
  'packages/a/src/parts/all.ts': `export const tools = { run() {} };`,
  'packages/b/package.json': '{ "name": "@x/b", "main": "dist/index.js" }',
  'packages/b/json-sequences/two.json': sequence('BPlugin', 'two', [
    ['b:plain', 'plain'],
    ['b:deep', 'b.deep#inner'],
    ['shared:notify', 'notifyUi'],
    ['b:twice', 'twice'],
  ]),
  'packages/b/src/index.ts': `export * from './plain';`,
  'packages/b/src/plain.ts': `export function plain() {}\nexport const notifyUi = () => {};\n`,
  'packages/b/src/deep.ts': `export function inner() {}`,
  'packages/b/src/twice-1.ts': `export function twice() {}`,
  'packages/b/src/twice-2.ts': `export function twice() {}`,
};

async function linked() {
  const { index, project } = await indexOf(files);
  const texts = new Map(Object.entries(files).filter(([path]) => path.includes('json-sequences/')));
  const sequences = resolvedBeats(readSequences(texts, project.packages).sequences, index);
  const correlator = createCorrelator(index, project, { services: {}, pathMappings: [] }, sequences);
  const correlate = (name: string, kind: 'messaging' | 'internal' = 'messaging') => {
    const found = correlator({
      operation: { id: name, service: 'renderx', environment: '', kind, name },
      hints: [],
      releases: [],
    });
    return found.handlerId ?? found.reason;
  };
  return { index, sequences, correlate };
}

describe('beats', () => {
  it('are each resolved or have a reason', async () => {
    const { sequences } = await linked();
    const beats = sequences.flatMap((s) => s.movements.flatMap((m) => m.beats));
    assert.deepEqual(
      beats.map(({ event, handlerId, reason }) => `${event} ${handlerId ?? reason?.split(',')[0]}`),
      [
        'a:gone The index names "@x/gone" for its handlers',
        'a:one packages/a/src/parts/all.ts#tools.run@a:one',
        'a:two packages/a/src/parts/one.ts#handlers.arrow@a:two',
        'a:three "missing" is no handler or exported function of packages/a/src/parts/one.ts',
        'a:four The beat names no handler.',
        'shared:notify packages/a/src/parts/one.ts#notifyUi@shared:notify',
        'b:plain packages/b/src/plain.ts#plain@b:plain',
        'b:deep packages/b/src/deep.ts#inner@b:deep',
        'shared:notify packages/b/src/plain.ts#notifyUi@shared:notify',
        'b:twice "twice" is exported by packages/b/src/twice-1.ts',
      ],
    );
  });

  it('of every form in the example have a handler with the event of its beat', async () => {
    const { index } = await indexOf(renderx.example.files);
    assert.deepEqual(
      index.handlers.map(({ id }) => id),
      renderx.example.handlers,
    );
    assert.ok(index.handlers.every(({ id, event }) => event !== undefined && id.endsWith(`@${event}`)));
  });

  it('are registered where they stand in the JSON', async () => {
    const { index } = await linked();
    const plain = index.handlers.find(({ symbol }) => symbol === 'plain');
    assert.equal(plain?.kind, 'beat');
    assert.equal(plain.registration.file, 'packages/b/json-sequences/two.json');
    assert.equal(files[plain.registration.file]?.[plain.registration.start.column - 1], '{');
    assert.equal(plain.file, 'packages/b/src/plain.ts');
  });

  it('are named by plugin, event and handler, never by an ambiguous bare name', async () => {
    const { correlate } = await linked();
    const [a, b] = ['packages/a/src/parts/one.ts', 'packages/b/src/plain.ts'].map(
      (f) => `${f}#notifyUi@shared:notify`,
    );
    assert.equal(correlate('APlugin:shared:notify#notifyUi'), a);
    assert.equal(correlate('BPlugin:shared:notify#notifyUi'), b);
    assert.equal(correlate('@x/b:shared:notify#notifyUi'), b, 'the package instead of the plugin');
    assert.equal(correlate('Play two:?#notifyUi'), b, 'the sequence as owner, no event');
    assert.equal(correlate('?:shared:notify#notifyUi'), 'ambiguous');
    assert.equal(correlate('?:?#notifyUi'), 'ambiguous');
    assert.equal(correlate('?:b:plain#plain'), 'packages/b/src/plain.ts#plain@b:plain');
    assert.equal(correlate('BPlugin:other:event#plain'), 'not-in-workspace');
    assert.equal(correlate('BPlugin:b:plain#nobody'), 'not-in-workspace');
    assert.equal(correlate('BPlugin:b:deep#b.deep#inner'), 'packages/b/src/deep.ts#inner@b:deep');
    assert.equal(correlate('Play two', 'internal'), 'unsupported-kind');
    assert.equal(correlate('orders'), 'unsupported-kind');
  });
});
