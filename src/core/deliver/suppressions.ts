import { z } from 'zod';
import { HumanError } from '../model/human-error.ts';
import type { Problem } from '../model/problem.ts';
import { lineAt, parsePlaces, type PlacedValue } from '../code/json-places.ts';

/** Where suppressions live, relative to the workspace: a file that is reviewed like code. */
export const SUPPRESSIONS_FILE = '.suture/suppressions.json';

/** Strict, because a mistyped `until` would suppress for ever. */
const entrySchema = z.strictObject({
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/, 'must be the 16 hex digits of an anomaly'),
  reason: z.string().regex(/\S/, 'must say why').max(1_000),
  /** Last day on which it applies, UTC. */
  until: z.iso.date('must be a day as YYYY-MM-DD').exactOptional(),
  detector: z.string().exactOptional(),
  /** For the reviewer: what is suppressed, in words. */
  what: z.string().exactOptional(),
});

/** An anomaly that nobody wants to hear of, and why. */
export type Suppression = Readonly<z.output<typeof entrySchema>>;

/** What the file says of an anomaly now. */
export type SuppressionState =
  | { readonly k: 'none' }
  | { readonly k: 'suppressed'; readonly by: Suppression }
  /** It was suppressed until a day that has passed. */
  | { readonly k: 'expired'; readonly by: Suppression };

const fileSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  suppressions: z.array(z.unknown()),
});

const problem = (line: number, code: string, message: string): Problem => ({
  file: SUPPRESSIONS_FILE,
  line,
  code,
  message,
  count: 1,
});

/** Reads the file (null for none). One that does not parse suppresses nothing; a wrong entry in it only does not count itself. */
export function parseSuppressions(text: string | null): {
  readonly suppressions: readonly Suppression[];
  readonly problems: readonly Problem[];
} {
  if (text === null) return { suppressions: [], problems: [] };
  const read = listIn(text);
  if (read.k === 'broken') return { suppressions: [], problems: [read.problem] };
  const suppressions: Suppression[] = [];
  const problems: Problem[] = [];
  const { body, items } = read;
  for (const item of items) {
    const entry = entrySchema.safeParse(item.value);
    if (entry.success) suppressions.push(entry.data);
    else {
      const [issue] = entry.error.issues;
      const what = `${(issue?.path ?? []).map(String).join('.') || 'entry'}: ${issue?.message ?? 'invalid'}`;
      const line = lineAt(body, item.start);
      problems.push(problem(line, 'suppression-invalid', `${what}; this suppression does not apply.`));
    }
  }
  return { suppressions, problems };
}

/** Whether an anomaly is suppressed at a time; one that still applies comes before one that has expired. */
export function suppressionState(
  suppressions: readonly Suppression[],
  fingerprint: string,
  nowMs: number,
): SuppressionState {
  const its = suppressions.filter((entry) => entry.fingerprint === fingerprint);
  const applies = its.find((entry) => !isOver(entry, nowMs));
  if (applies !== undefined) return { k: 'suppressed', by: applies };
  const [expired] = its;
  return expired === undefined ? { k: 'none' } : { k: 'expired', by: expired };
}

const dayMs = 24 * 60 * 60 * 1_000;
const isOver = ({ until }: Suppression, nowMs: number): boolean =>
  until !== undefined && nowMs >= Date.parse(`${until}T00:00:00Z`) + dayMs;

/** The file with an entry added, or put in the place of that of the same anomaly; the rest stays as it is written. */
export function withSuppression(text: string | null, entry: Suppression): string {
  const checked = entrySchema.safeParse(entry);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new HumanError(
      `This cannot be suppressed: ${String(issue?.path[0] ?? 'entry')} ${issue?.message ?? ''}.`,
    );
  }
  if (text === null || text.trim() === '')
    return `${JSON.stringify({ suppressions: [checked.data] }, null, 2)}\n`;
  const read = listIn(text);
  if (read.k === 'broken') {
    const { line, message } = read.problem;
    throw new HumanError(
      `${SUPPRESSIONS_FILE}:${line} has to be mended first, so that nothing in it is lost: ${message}`,
    );
  }
  const { body, list, items } = read;
  const bom = text.length > body.length ? '\uFEFF' : '';
  const end = body.includes('\r\n') ? '\r\n' : '\n';
  const same = items.find(
    ({ value }) => (value as Partial<Suppression> | null)?.fingerprint === entry.fingerprint,
  );
  const last = items.at(-1);
  const neighbour = same ?? last;
  const lead = neighbour === undefined ? undefined : indentOf(body, neighbour.start);
  // Entries that share a line with something else are written on that line.
  const shown = (indent: string | undefined): string =>
    indent === undefined ? JSON.stringify(checked.data) : pretty(checked.data, indent, unitOf(body), end);
  const put = (from: number, to: number, inserted: string): string =>
    bom + body.slice(0, from) + inserted + body.slice(to);
  if (same !== undefined) return put(same.start, same.end, shown(lead));
  if (last !== undefined)
    return put(last.end, last.end, lead === undefined ? `, ${shown(lead)}` : `,${end}${lead}${shown(lead)}`);
  const outer = /^[ \t]*/.exec(body.slice(body.lastIndexOf('\n', list.start) + 1))?.[0] ?? '';
  const inner = outer + unitOf(body);
  return put(list.start, list.end, `[${end}${inner}${shown(inner)}${end}${outer}]`);
}

type ListIn =
  | {
      readonly k: 'list';
      /** The text without its byte-order mark, which the places are in. */
      readonly body: string;
      readonly list: PlacedValue;
      readonly items: readonly PlacedValue[];
    }
  | { readonly k: 'broken'; readonly problem: Problem };

function listIn(text: string): ListIn {
  const body = text.replace(/^\uFEFF/, '');
  const json = parsePlaces(body);
  const none = 'nothing is suppressed until it is mended.';
  if (json.k === 'broken') {
    const conflict = /^(<{7}|>{7}) /m.test(body) ? 'holds a merge conflict' : 'is not valid JSON here';
    return {
      k: 'broken',
      problem: problem(lineAt(body, json.at), 'suppressions-not-json', `The file ${conflict}; ${none}`),
    };
  }
  const whole = fileSchema.safeParse(json.root.value);
  const list = json.root.members?.get('suppressions');
  if (whole.success && list?.items !== undefined) return { k: 'list', body, list, items: list.items };
  const [issue] = whole.error?.issues ?? [];
  const at = json.root.members?.get(String(issue?.path[0]))?.start ?? json.root.start;
  const what = `${['$', ...(issue?.path ?? []).map(String)].join('.')}: ${issue?.message ?? 'invalid'}`;
  return {
    k: 'broken',
    problem: problem(lineAt(body, at), 'suppressions-invalid', `${what}; ${none}`),
  };
}

/** White space before a value that begins its line; undefined for one that does not. */
function indentOf(body: string, at: number): string | undefined {
  const before = body.slice(body.lastIndexOf('\n', at - 1) + 1, at);
  return body.lastIndexOf('\n', at - 1) >= 0 && /^[ \t]*$/.test(before) ? before : undefined;
}

/** One step of indentation as the file has it. */
const unitOf = (body: string): string => /\n([ \t]+)/.exec(body)?.[1] ?? '  ';

function pretty(value: Suppression, indent: string, unit: string, end: string): string {
  return JSON.stringify(value, null, unit).replaceAll('\n', end + indent);
}
