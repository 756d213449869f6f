import type { PlacedValue } from '../../code/json-places.ts';
import type { Problem } from '../../model/problem.ts';
import type { Beat, Movement, Sequence } from '../../model/sequence.ts';
import type { Dialect, IndexEntry, Reading, SequenceFile } from '../dialect.ts';

/** Names come from files of others and are shown: longer ones are cut. */
const longestName = 200;

/** Sequences of MusicalConductor: movements of beats, in both generations of its schema. */
export const renderx: Dialect = {
  id: 'renderx',
  title: 'RenderX MusicalConductor sequences',
  read,
  example: {
    files: {
      'json-sequences/library/index.json': `{ "version": "1.0.0", "sequences": [{ "file": "load.json", "handlersPath": "@demo/library" }] }`,
      'json-sequences/library/load.json': `{
  "pluginId": "LibraryPlugin", "id": "load-symphony", "name": "Load",
  "movements": [{ "id": "load", "name": "Load", "beats": [
    { "beat": 1, "event": "library:load", "handler": "load", "dynamics": "mf", "timing": "immediate", "kind": "io" },
    { "beat": 1, "event": "library:notify", "handler": "notify", "dynamics": "mf", "timing": "after-beat", "kind": "pure" }
  ] }]
}`,
      'json-sequences/later.json': `\uFEFF{
  "sequenceId": "report", "name": "Report", "beats": 3, "domainId": "reporting",
  "movements": [{ "name": "Write", "beats": [
    { "number": 1, "event": "report:begin", "handler": { "name": "report.writer#begin" }, "acceptanceCriteria": [] },
    { "number": 2, "event": "report:pause" },
    { "name": "end", "handler": { "name": "report.writer#end" } }
  ] }]
}`,
      'json-sequences/steps.workflow.json': `{ "name": "Steps", "phases": [] }`,
      'json-sequences/tsconfig.json': `{ "compilerOptions": {} }`,
    },
    beats: [
      'load-symphony: library:load -> load',
      'load-symphony: library:notify -> notify',
      'report: report:begin -> report.writer#begin',
      'report: report:pause -> ?',
      'report: ? -> report.writer#end',
    ],
  },
};

function read(file: SequenceFile): Reading | undefined {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  if (/^(package(-lock)?|[jt]sconfig[^/]*)\.json$/.test(name)) return { k: 'other', what: 'configuration' };
  if (/\.workflow(\.v\d+)?\.json$/.test(name)) return { k: 'other', what: 'a workflow' };
  const { root } = file;
  const movements = itemsOf(root, 'movements');
  if (movements !== undefined) return sequenceOf(file, movements);
  const listed = itemsOf(root, 'sequences');
  if (listed !== undefined) return { k: 'index', entries: listed.flatMap((item) => entryOf(file, item)) };
  return undefined;
}

function entryOf({ path }: SequenceFile, item: PlacedValue): readonly IndexEntry[] {
  const [file, handlersPath] = [textOf(item, 'file'), textOf(item, 'handlersPath')];
  if (file === undefined || handlersPath === undefined) return [];
  const below = file.replaceAll('\\', '/').replace(/^\.\//, '');
  if (below.startsWith('/') || below.split('/').includes('..')) return [];
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return [{ file: folder + below, handlersPath }];
}

function sequenceOf(file: SequenceFile, placed: readonly PlacedValue[]): Reading {
  const { root, path } = file;
  const problems: Problem[] = [];
  const complain = (code: string, message: string, { start }: PlacedValue): void =>
    void problems.push({ file: path, line: file.at(start).line, code, message, count: 1 });
  const base = path.slice(path.lastIndexOf('/') + 1).replace(/\.json$/, '');
  const name = textOf(root, 'name') ?? textOf(root, 'title');
  const id = textOf(root, 'id') ?? textOf(root, 'sequenceId') ?? name ?? base;
  const movements = placed.flatMap((movement, index): readonly Movement[] => {
    const beats = itemsOf(movement, 'beats');
    if (beats === undefined) {
      complain('no-beats', 'The movement has no list of beats: it plays nothing.', movement);
      return [];
    }
    const own = textOf(movement, 'name') ?? `Movement ${index + 1}`;
    return [
      {
        id: textOf(movement, 'id') ?? own,
        name: own,
        beats: beats.flatMap((beat) => {
          if (beat.members !== undefined) return [beatOf(file, beat)];
          complain('no-beat', 'An entry of the beats is no object: left out.', beat);
          return [];
        }),
      },
    ];
  });
  const pluginId = textOf(root, 'pluginId');
  const sequence: Sequence = {
    id,
    name: name ?? id,
    dialect: renderx.id,
    ...(pluginId === undefined ? {} : { pluginId }),
    file: path,
    movements,
    copies: [],
  };
  return { k: 'sequence', sequence, problems };
}

function beatOf({ at }: SequenceFile, beat: PlacedValue): Beat {
  const number = numberOf(beat, 'beat') ?? numberOf(beat, 'number');
  const event = textOf(beat, 'event');
  const title = textOf(beat, 'title') ?? textOf(beat, 'name');
  const named = beat.members?.get('handler');
  const handler = textOf(beat, 'handler') ?? (named && textOf(named, 'name'));
  const [kind, timing] = [textOf(beat, 'kind'), textOf(beat, 'timing')];
  return {
    ...(number === undefined ? {} : { number }),
    ...(event === undefined ? {} : { event }),
    ...(title === undefined ? {} : { title }),
    ...(handler === undefined ? {} : { handler }),
    ...(kind === undefined ? {} : { kind }),
    ...(timing === undefined ? {} : { timing }),
    at: at(beat.start),
    end: at(beat.end),
  };
}

const itemsOf = (of: PlacedValue, key: string): readonly PlacedValue[] | undefined =>
  of.members?.get(key)?.items;

function textOf(of: PlacedValue, key: string): string | undefined {
  const value = of.members?.get(key)?.value;
  return typeof value === 'string' && value.trim() !== ''
    ? value.trim().replaceAll(/\s+/g, ' ').slice(0, longestName)
    : undefined;
}

function numberOf(of: PlacedValue, key: string): number | undefined {
  const value = of.members?.get(key)?.value;
  return typeof value === 'number' ? value : undefined;
}
