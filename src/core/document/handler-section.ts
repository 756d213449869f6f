import type { Rung } from '../model/correlation.ts';
import type { Handler } from '../model/handler.ts';
import type { HandlerTests, TestLevel } from '../model/test.ts';
import { MOST_ERROR_CLASSES, byText } from './evidence.ts';
import type { Measured } from './evidence.ts';
import { KINDS, LEVELS, levelOf, nameOf } from './facts.ts';
import { blocks, code, count, fenced, link, linkTo, quoted, table, text } from './markdown.ts';
import type { Chain, DocumentView } from './view.ts';

const RUNGS: Readonly<Record<Rung, string>> = {
  1: 'the telemetry names the function itself (`code.*`)',
  2: 'route or event in the telemetry equals the one in the code',
  3: 'a stack frame points into the function',
  4: 'the telemetry names a symbol that is unique in the code',
};

type Href = (id: string) => string;

/** One handler for HANDLER_SPECS: what the code, the tests and the evidence say of it, and nothing of lines. */
export function handlerSection(view: DocumentView, handler: Handler, href: Href): string {
  const doc = view.docOf(handler.id);
  return blocks([
    `<a id="${view.anchors.get(handler.id) ?? ''}"></a>`,
    `### ${titleOf(handler)}`,
    doc.comment?.trim() ? quoted(doc.comment) : undefined,
    items(view, handler, href).join('\n'),
    production(view, handler),
    tests(view, handler),
  ]);
}

function titleOf(handler: Handler): string {
  const name = nameOf(handler);
  return name === handler.symbol ? code(name) : `${code(name)} ${code(handler.symbol)}`;
}

/**
 * Links go to files, not to lines: a line number would make every page stale as soon as anything above it moves,
 * and `docs --check` would fail for it. The symbol beside the link is what to search for.
 */
function fileLink(view: DocumentView, file: string): string {
  return link(code(file), linkTo(view.docsFolder, file));
}

function items(view: DocumentView, handler: Handler, href: Href): readonly string[] {
  const doc = view.docOf(handler.id);
  const chain = view.chains.get(handler.id);
  const apart = handler.registration.file !== handler.file;
  const list = (names: readonly string[] | undefined) => (names ?? []).map(code).join(', ');
  const lines: readonly (string | false)[] = [
    `**Id**: ${code(handler.id)}`,
    `**Source**: ${fileLink(view, handler.file)}, function ${code(handler.symbol)}${
      handler.resolved ? '' : ' (where it is registered; the function itself could not be followed)'
    }`,
    apart && `**Registered in**: ${fileLink(view, handler.registration.file)}`,
    handler.route !== undefined && `**Route**: ${code(nameOf(handler))}`,
    handler.event !== undefined && `**Event**: ${code(handler.event)}`,
    `**Kind**: ${KINDS[handler.kind]} of ${text(handler.framework)}`,
    !!doc.signature?.trim() && `**Signature**:\n\n${fenced(doc.signature.trim(), 'ts', '  ')}\n`,
    chain !== undefined && chain.ids.length > 1 && chainText(view, handler, chain, href),
    !!doc.throws?.length && `**Throws**: ${list(doc.throws)}`,
    !!doc.callsOut?.length && `**Calls out to**: ${list(doc.callsOut)}`,
  ];
  return lines.filter((line) => line !== false).map((line) => `- ${line}`);
}

function chainText(view: DocumentView, self: Handler, { ids, ordered }: Chain, href: Href): string {
  const names = ids.map((id) => {
    const name = code(view.byId.get(id)?.symbol ?? id);
    return id === self.id ? `**${name}**` : link(name, href(id));
  });
  return ordered
    ? `**Runs in this order**: ${names.join(', then ')}`
    : `**Registered for the same route** (their order is not known): ${names.join(', ')}`;
}

function windowText(one: Measured): string {
  if (one.from === null || one.to === null) return 'no dates';
  return one.from === one.to ? one.from : `${one.from} to ${one.to}`;
}

function placeText(one: Measured): string {
  return (
    [one.service, one.environment]
      .filter((part) => part !== '')
      .map(text)
      .join(', ') || 'unnamed service'
  );
}

function production(view: DocumentView, handler: Handler): string | undefined {
  if (view.evidence.handlers.size === 0) return undefined;
  const evidence = view.evidenceOf(handler.id);
  if (!evidence) return '**Production**: never seen in production.';
  if (evidence.measured.length === 0) {
    return `**Production**: not called in the newest telemetry; last seen on ${text(evidence.lastSeen ?? '')}.`;
  }
  const rows = evidence.measured.map((one) => [
    placeText(one),
    text(one.operation),
    text(one.release),
    text(windowText(one)),
    `about ${count(one.n)}`,
    one.p50 ?? 'too few calls',
    one.p95 ?? 'too few calls',
    one.errorRate,
  ]);
  const head = ['Service', 'Operation', 'Release', 'Window', 'Calls', 'p50', 'p95', 'Errors'];
  return blocks([
    `**Production**${evidence.rung ? ` (${RUNGS[evidence.rung]})` : ''}:`,
    table(head, rows),
    ...evidence.measured.map(failures),
  ]);
}

function failures(one: Measured): string | undefined {
  if (one.errorClasses.length === 0) return undefined;
  const full = one.errorClasses.length >= MOST_ERROR_CLASSES;
  return blocks([
    `Errors of release ${text(one.release)} (${placeText(one)})${
      full ? `, of which the evidence keeps ${MOST_ERROR_CLASSES} at most` : ''
    }:`,
    one.errorClasses
      .map((error) => `- ${code(error.type)}${error.message === '' ? '' : `: ${code(error.message)}`}`)
      .join('\n'),
  ]);
}

function tests(view: DocumentView, handler: Handler): string | undefined {
  const level = levelOf(view, handler.id);
  if (level === undefined) return undefined;
  const linked = view.tests?.get(handler.id)?.tests ?? [];
  if (linked.length === 0) return `**Tests**: ${LEVELS[level]}.`;
  const order = Object.keys(LEVELS) as TestLevel[];
  const sorted = [...linked].sort(
    (a, b) => order.indexOf(a.level) - order.indexOf(b.level) || byText(a.test.id, b.test.id),
  );
  return blocks([`**Tests**: ${LEVELS[level]}.`, sorted.map((one) => testLine(view, one)).join('\n')]);
}

function testLine(view: DocumentView, { test, level }: HandlerTests['tests'][number]): string {
  const sentence = [...test.suite, test.title].map(text).join(' › ');
  return `- ${level}: ${sentence} (${fileLink(view, test.file)})`;
}
