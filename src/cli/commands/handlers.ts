import type { Handler, Unresolved } from '../../core/model/handler.ts';
import type { Command } from '../command.ts';
import { table } from '../table.ts';

/** Every function that a framework calls, with its registration. */
export const handlers: Command = {
  id: 'handlers',
  summary: 'List every handler with its route or event and where it stands',
  flags: {},
  positionals: [],
  run(engine) {
    const index = engine.index();
    const rows = index.handlers.map((handler) => [
      handler.kind,
      handlerName(handler),
      handler.symbol,
      `${handler.file}:${handler.start.line}:${handler.start.column}`,
    ]);
    const unresolved = index.unresolved.map((entry) => [
      entry.code,
      `${entry.file}:${entry.start.line}:${entry.start.column}`,
      entry.reason,
    ]);
    return {
      data: { handlers: index.handlers.map(handlerJson), unresolved: index.unresolved.map(unresolvedJson) },
      text:
        table(['KIND', 'ROUTE OR EVENT', 'HANDLER', 'AT'], rows) +
        `${rows.length} handlers\n` +
        (unresolved.length === 0 ? '' : `\n${table(['UNRESOLVED', 'AT', 'WHY'], unresolved)}`),
      problems: engine.doctor().problems,
      findings: false,
    };
  },
};

function handlerName(handler: Handler): string {
  return [handler.method, handler.route ?? handler.event].filter(Boolean).join(' ') || '-';
}

function handlerJson(handler: Handler): unknown {
  return {
    id: handler.id,
    function: handler.function,
    kind: handler.kind,
    framework: handler.framework,
    method: handler.method ?? null,
    route: handler.route ?? null,
    event: handler.event ?? null,
    file: handler.file,
    line: handler.start.line,
    column: handler.start.column,
    symbol: handler.symbol,
    plugin: handler.plugin,
    package: handler.package,
    resolved: handler.resolved,
    registration: { file: handler.registration.file, ...handler.registration.start },
  };
}

function unresolvedJson(entry: Unresolved): unknown {
  const { start, ...rest } = entry;
  return { ...rest, ...start };
}
