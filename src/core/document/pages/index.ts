import type { Handler } from '../../model/handler.ts';
import { ERROR_RATE, LATENCY, rankOf } from '../buckets.ts';
import { countRows } from '../counts.ts';
import { byText } from '../evidence.ts';
import { exampleInput } from '../example.ts';
import { SLOW_MS, handlerRows, headlineOf, latencyFrom, levelOf } from '../facts.ts';
import { blocks, code, count, link, linkTo, plural, table, text } from '../markdown.ts';
import type { Page } from '../page.ts';
import { SPECS_FILE, specsLayout } from '../specs-layout.ts';
import type { SpecsLayout } from '../specs-layout.ts';
import type { DocumentView } from '../view.ts';
import { pluginName } from './handler-specs.ts';

const file = 'INDEX.md';

interface Lists {
  readonly view: DocumentView;
  readonly layout: SpecsLayout;
  /** False when rows of handlers would make the page too large; HANDLER_SPECS has them all by plugin. */
  readonly rows: boolean;
}

function rowsOf({ view, layout, rows }: Lists, handlers: readonly Handler[], none: string): string {
  if (handlers.length === 0) return none;
  if (!rows) {
    return `${plural(handlers.length, 'handler')}: too many to list here; the tables by plugin in ${link('HANDLER_SPECS', SPECS_FILE)} show each.`;
  }
  const { head, rows: lines } = handlerRows(view, handlers, (id) => layout.href(file, id));
  return table(head, lines);
}

function byPlugin({ view, layout }: Lists): string {
  const production = view.evidence.handlers.size > 0;
  const tested = (handlers: readonly Handler[]) =>
    handlers.filter((one) => ['executed', 'called'].includes(levelOf(view, one.id) ?? '')).length;
  const rows = view.plugins.map((plugin) => [
    link(pluginName(plugin), layout.pluginHref(file, plugin)),
    count(plugin.handlers.length),
    ...(production ? [count(plugin.handlers.filter((one) => headlineOf(view, one.id) !== null).length)] : []),
    ...(view.tests ? [count(tested(plugin.handlers))] : []),
  ]);
  const head = [
    'Plugin',
    'Handlers',
    ...(production ? ['Seen in production'] : []),
    ...(view.tests ? ['With a test that calls it'] : []),
  ];
  return rows.length === 0 ? 'No handlers were found.' : table(head, rows);
}

/** The order in which one looks a route or an event up. */
function byAddress(a: Handler, b: Handler): number {
  const address = (one: Handler) => one.route ?? one.event ?? one.symbol;
  return byText(address(a), address(b)) || byText(a.method ?? '', b.method ?? '') || byText(a.id, b.id);
}

function slow(lists: Lists): string {
  const { view } = lists;
  if (view.evidence.handlers.size === 0) return 'No production evidence has been recorded yet.';
  const rank = (one: Handler) => rankOf(LATENCY, headlineOf(view, one.id)?.p95 ?? null);
  const found = view.handlers
    .filter((one) => latencyFrom(headlineOf(view, one.id)?.p95 ?? null) >= SLOW_MS)
    .sort((a, b) => rank(b) - rank(a) || byText(a.id, b.id));
  return rowsOf(lists, found, `No handler has a p95 of ${SLOW_MS} ms or more.`);
}

function failing(lists: Lists): string {
  const { view } = lists;
  if (view.evidence.handlers.size === 0) return 'No production evidence has been recorded yet.';
  const rank = (one: Handler) => rankOf(ERROR_RATE, headlineOf(view, one.id)?.errorRate ?? 'none');
  const found = view.handlers
    .filter((one) => rank(one) > 0)
    .sort((a, b) => rank(b) - rank(a) || byText(a.id, b.id));
  return rowsOf(lists, found, 'No handler has failed.');
}

function untested(lists: Lists): string {
  const { view } = lists;
  if (!view.tests) return 'Tests have not been read yet.';
  const found = view.handlers.filter((one) =>
    ['imported', 'placeholder', 'none'].includes(levelOf(view, one.id) ?? ''),
  );
  return rowsOf(lists, found, 'Every handler is called by a test.');
}

function unmapped({ view }: Lists): string {
  const groups = new Map<string, { readonly cells: readonly string[]; n: number }>();
  for (const one of view.unresolved) {
    const key = JSON.stringify([one.file, one.code, one.framework, one.reason]);
    const cells = [
      link(code(one.file), linkTo(view.docsFolder, one.file)),
      text(one.framework),
      code(one.code),
      text(one.reason),
    ];
    const group = groups.get(key) ?? { cells, n: 0 };
    group.n += 1;
    groups.set(key, group);
  }
  const rows = [...groups].sort(([a], [b]) => byText(a, b)).map(([, { cells, n }]) => [...cells, count(n)]);
  const head = ['File', 'Framework', 'Code', 'Reason', 'Registrations'];
  return rows.length === 0 ? 'Every registration that was found leads to a handler.' : table(head, rows);
}

function body(lists: Lists): string {
  const { view } = lists;
  return `${blocks([
    `# Index of ${text(view.workspaceName)}`,
    'Where to look: [find a handler](#find-a-handler), [what is slow](#what-is-slow), [what fails](#what-fails), [what is untested](#what-is-untested), [what is not mapped](#what-is-not-mapped).',
    '## Counts',
    table(['What', 'Count', 'What it means'], countRows(view)),
    '## Find a handler',
    byPlugin(lists),
    view.handlers.length === 0 ? undefined : rowsOf(lists, [...view.handlers].sort(byAddress), ''),
    '## What is slow',
    `Handlers whose p95 lies at ${SLOW_MS} ms or more in the newest release of any operation, slowest first.`,
    slow(lists),
    '## What fails',
    'Handlers with failed calls in the newest release of any operation, most failing first. A call fails with a status of 500 or more or an error on its span; 4xx answers do not count.',
    failing(lists),
    '## What is untested',
    'Handlers that no test calls: a test at best imports them or is a placeholder.',
    untested(lists),
    '## What is not mapped',
    'Registrations in the code that could not be turned into a handler.',
    unmapped(lists),
  ])}\n`;
}

/** INDEX: true counts with their definitions, and ways into the other pages by task. */
export const index: Page = {
  id: 'INDEX',
  file,
  title: 'Index',
  render(view) {
    const layout = specsLayout(view);
    const full = body({ view, layout, rows: true });
    const small = Buffer.byteLength(full) <= view.pageBytes;
    return [{ path: file, body: small ? full : body({ view, layout, rows: false }) }];
  },
  example: exampleInput,
};
