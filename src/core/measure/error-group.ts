import type { Call } from '../model/operation.ts';
import type { ErrorGroup } from '../model/window.ts';
import { exemplarOf } from './exemplar.ts';

const MAX_GROUPS = 20;
const MAX_MESSAGE = 300;
const MAX_STACK = 2000;
const MAX_FRAMES = 12;
const OTHER = 'other';

/** Groups by key; replaced, never changed. */
export type ErrorGroups = Map<string, ErrorGroup>;

/** Counts a failed call under each of its exceptions, or under its error type or status where it recorded none. */
export function addFailure(groups: ErrorGroups, call: Call): void {
  for (const group of groupsOf(call)) addGroup(groups, group);
}

/** At most twenty groups are kept apart; the rest share the group `other`. */
export function addGroup(groups: ErrorGroups, group: ErrorGroup): void {
  const known = groups.get(group.key);
  if (known !== undefined) groups.set(group.key, { ...known, count: known.count + group.count });
  else if (groups.size < MAX_GROUPS || group.key === OTHER) groups.set(group.key, group);
  else
    addGroup(groups, { key: OTHER, type: OTHER, message: '', count: group.count, exemplar: group.exemplar });
}

/** Most frequent first. */
export function byCount(groups: ErrorGroups): readonly ErrorGroup[] {
  return [...groups.values()].toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}

/** A message with its variable parts (quoted text, UUIDs, hexadecimal and decimal numbers) masked. */
export function templateOf(message: string): string {
  const line = message.slice(0, 4 * MAX_MESSAGE).split(/[\r\n]/u, 1)[0] ?? '';
  return line
    .replace(/"[^"]*"|`[^`]*`|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu, '<text>')
    .replace(/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/giu, '<uuid>')
    .replace(/\b0x[\da-f]+\b|\b(?=[a-f]*\d)[\da-f]{8,}\b/giu, (found) =>
      /^\d+$/u.test(found) ? '<n>' : '<hex>',
    )
    .replace(/\d+(?:[.,]\d+)*/gu, '<n>')
    .slice(0, MAX_MESSAGE);
}

function groupsOf(call: Call): readonly ErrorGroup[] {
  const exemplar = exemplarOf(call);
  if (call.exceptions.length === 0) {
    const status = call.statusCode === undefined ? 'error' : `HTTP ${call.statusCode}`;
    const named = call.errorType !== undefined && !/^\d+$/u.test(call.errorType);
    const type = named ? (call.errorType ?? status).slice(0, MAX_MESSAGE) : status;
    return [group(type, templateOf(call.errorMessage ?? ''))];
  }
  return call.exceptions.map(({ type, message, stack }) => ({
    ...group(type.slice(0, MAX_MESSAGE), templateOf(message)),
    ...(stack === undefined ? {} : { stack: stack.split('\n', MAX_FRAMES).join('\n').slice(0, MAX_STACK) }),
  }));

  function group(type: string, message: string): ErrorGroup {
    return { key: `${type}: ${message}`, type, message, count: 1, exemplar };
  }
}
