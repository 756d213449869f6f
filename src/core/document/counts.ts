import type { TestLevel } from '../model/test.ts';
import { KINDS, LEVELS, levelOf } from './facts.ts';
import { count } from './markdown.ts';
import type { DocumentView } from './view.ts';

const LEVEL_MEANING: Readonly<Record<TestLevel, string>> = {
  executed: 'Handlers whose function runs in a test, by coverage.',
  called: 'Handlers whose function or route at least one test calls.',
  imported: 'Handlers whose function a test imports, but none calls.',
  placeholder: 'Handlers whose only tests assert nothing about the program.',
  none: 'Handlers that no test refers to.',
};

type Row = readonly [what: string, n: string, meaning: string];

/** Rows of INDEX's table: what is counted, how many, and the definition in words. */
export function countRows(view: DocumentView): readonly Row[] {
  const { handlers } = view;
  const row = (what: string, n: number, meaning: string): Row => [what, count(n), meaning];
  const distinct = (names: readonly string[]) => new Set(names).size;
  const kinds = Object.entries(KINDS).flatMap(([kind, name]): Row[] => {
    const n = handlers.filter((handler) => handler.kind === kind).length;
    return n === 0 ? [] : [row(`Kind: ${name}`, n, 'Part of the handlers above.')];
  });
  return [
    row(
      'Handlers',
      handlers.length,
      'Registrations of a function that a framework calls; a function registered twice counts twice.',
    ),
    ...kinds,
    row(
      'Functions',
      distinct(handlers.map((handler) => handler.function)),
      'Distinct functions among the handlers; the anonymous ones of a file count as one.',
    ),
    row(
      'Handlers without source',
      handlers.filter((handler) => !handler.resolved).length,
      'Handlers whose function could not be followed to its definition in the workspace.',
    ),
    row('Plugins', view.plugins.length, 'Packages, plugins or top folders that hold at least one handler.'),
    row(
      'Registrations not mapped',
      view.unresolved.length,
      'Registrations in the code that could not be turned into a handler.',
    ),
    ...productionRows(view, row),
    ...testRows(view, row),
  ];
}

type MakeRow = (what: string, n: number, meaning: string) => Row;

function productionRows(view: DocumentView, row: MakeRow): readonly Row[] {
  const evidence = view.evidence.handlers;
  if (evidence.size === 0) return [];
  const known = new Set(view.handlers.map((handler) => handler.id));
  const measured = view.handlers.filter(({ id }) => (evidence.get(id)?.measured.length ?? 0) > 0);
  const gone = view.handlers.filter(({ id }) => evidence.get(id)?.measured.length === 0);
  return [
    row('Seen in production', measured.length, 'Handlers with figures in the evidence file.'),
    row(
      'No longer called',
      gone.length,
      'Handlers that earlier evidence saw and the newest telemetry did not.',
    ),
    row(
      'Never seen in production',
      view.handlers.filter(({ id }) => !evidence.has(id)).length,
      'Handlers of which the evidence file has nothing, though it has other handlers.',
    ),
    row(
      'Evidence without code',
      [...evidence.keys()].filter((id) => !known.has(id)).length,
      'Entries of the evidence file whose handler is not in the code (removed, moved or renamed).',
    ),
  ];
}

function testRows(view: DocumentView, row: MakeRow): readonly Row[] {
  const { tests } = view;
  if (!tests) return [];
  const levels = (Object.keys(LEVELS) as TestLevel[]).flatMap((level): Row[] => {
    const n = view.handlers.filter(({ id }) => levelOf(view, id) === level).length;
    return n === 0 ? [] : [row(`Tests: ${LEVELS[level]}`, n, LEVEL_MEANING[level])];
  });
  const linked = view.handlers.flatMap(({ id }) => (tests.get(id)?.tests ?? []).map((one) => one.test.id));
  return [
    ...levels,
    row(
      'Tests linked to handlers',
      new Set(linked).size,
      'Distinct tests listed in the handler specifications, placeholders not among them.',
    ),
  ];
}
