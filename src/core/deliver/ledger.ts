import { z } from 'zod';
import type { LedgerEntry } from '../model/ledger.ts';
import type { Problem } from '../model/problem.ts';

/** Where the ledger lives, relative to the workspace. */
export const LEDGER_FILE = '.suture/ledger.jsonl';

const word = z.string().min(1).max(200);
const common = {
  at: z.iso.datetime(),
  fingerprint: word,
  detector: word,
  release: z.string().max(200),
};
const ofFix = { recipe: word, fixId: word };
const finite = z.number();

const effect = z.object({
  measure: z.string(),
  unit: z.literal(['ms', 'rate', 'count']),
  before: finite.nullable(),
  after: finite,
  ratio: finite,
  low: finite,
  high: finite,
  n: finite,
  nBefore: finite,
});

const gate = z.object({ id: word, status: z.literal(['passed', 'failed', 'inconclusive', 'skipped']) });

const entrySchema = z.discriminatedUnion('event', [
  z.object({ ...common, event: z.literal('offer'), ...ofFix }),
  z.object({
    ...common,
    event: z.literal('verdict'),
    ...ofFix,
    status: z.literal(['passed', 'failed', 'inconclusive']),
    gates: z.array(gate),
  }),
  z.object({
    ...common,
    event: z.literal('decision'),
    decision: z.literal(['applied', 'branched', 'rejected', 'suppressed', 'dismissed']),
    recipe: word.exactOptional(),
    fixId: word.exactOptional(),
    reason: z.string().exactOptional(),
    branch: z.string().exactOptional(),
    effect: effect.exactOptional(),
  }),
  z.object({
    ...common,
    event: z.literal('outcome'),
    ...ofFix,
    outcome: z.literal(['fixed', 'no-effect', 'worse', 'reopened']),
    n: finite,
    ratio: finite,
  }),
]) satisfies z.ZodType<LedgerEntry>;

export interface ParsedLedger {
  /** In the order of the file, a line that stands there twice (after a merge) once. */
  readonly entries: readonly LedgerEntry[];
  /** One per kind of damage, at its first line. */
  readonly problems: readonly Problem[];
}

const damage = {
  'ledger-torn-line': 'The last line was not written to its end and is left out.',
  'ledger-not-json': 'A line is no JSON and is left out.',
  'ledger-invalid': 'An entry is not as expected and is left out',
  'ledger-conflict': 'Marks of a merge conflict are left out; the entries of both sides count.',
} as const;

/** Reads the ledger; a bad line is counted and left out, never the lines beside it. Null for no file. */
export function parseLedger(text: string | null): ParsedLedger {
  const entries: LedgerEntry[] = [];
  const problems = new Map<keyof typeof damage, { line: number; count: number; detail: string }>();
  const seen = new Set<string>();
  const lines = (text ?? '').replace(/^\uFEFF/, '').split('\n');
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || seen.has(line)) continue;
    const note = (code: keyof typeof damage, detail = ''): void => {
      const known = problems.get(code);
      if (known === undefined) problems.set(code, { line: i + 1, count: 1, detail });
      else known.count++;
    };
    if (/^(<{7}|={7}|>{7}|\|{7})(\s|$)/.test(line)) {
      note('ledger-conflict');
      continue;
    }
    const value = parsed(line);
    if (value === undefined) {
      // Only the last line of a file can be half written; it has no line end then.
      note(i === lines.length - 1 ? 'ledger-torn-line' : 'ledger-not-json');
      continue;
    }
    const entry = entrySchema.safeParse(value);
    if (entry.success) {
      seen.add(line);
      entries.push(entry.data);
    } else {
      const [issue] = entry.error.issues;
      note(
        'ledger-invalid',
        `: ${['$', ...(issue?.path ?? []).map(String)].join('.')} ${issue?.message ?? ''}`,
      );
    }
  }
  return {
    entries,
    problems: [...problems].map(([code, { line, count, detail }]) => ({
      file: LEDGER_FILE,
      line,
      code,
      message: code === 'ledger-invalid' ? `${damage[code]}${detail}.` : damage[code],
      count,
    })),
  };
}

/** One line of the ledger with its line end. Throws for an entry that could not be read back. */
export function ledgerLine(entry: LedgerEntry): string {
  return `${JSON.stringify(entrySchema.parse(entry))}\n`;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
