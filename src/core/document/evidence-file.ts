import { z } from 'zod';
import type { Problem } from '../model/problem.ts';
import { ERROR_RATE, LATENCY, rankOf } from './buckets.ts';
import { conflictLine } from './conflict.ts';
import { MOST_ERROR_CLASSES, NO_EVIDENCE, byText } from './evidence.ts';
import type { Evidence, HandlerEvidence } from './evidence.ts';

export const EVIDENCE_SCHEMA = 'suture.evidence/1';

/** Where evidence lives, relative to the workspace. */
export const EVIDENCE_FILE = '.suture/evidence.json';

/** `absent` and `read` may be written over; the others hold something that a person should look at first. */
export type EvidenceState = 'absent' | 'read' | 'conflict-markers' | 'unreadable' | 'other-schema';

export interface ParsedEvidence {
  readonly evidence: Evidence;
  readonly state: EvidenceState;
  readonly problems: readonly Problem[];
}

const latency = z.string().refine((label) => rankOf(LATENCY, label) >= 0, 'not a latency bucket');
const rate = z.string().refine((label) => rankOf(ERROR_RATE, label) >= 0, 'not an error-rate bucket');
const date = z.string().regex(/^[+-]?\d{4,6}-\d\d/);

const measuredEntry = z.object({
  environment: z.string(),
  errorClasses: z.array(z.object({ message: z.string(), type: z.string() })).max(MOST_ERROR_CLASSES),
  errorRate: rate,
  from: date.nullable(),
  n: z.number().nonnegative(),
  operation: z.string(),
  p50: latency.nullable(),
  p95: latency.nullable(),
  release: z.string(),
  service: z.string(),
  to: date.nullable(),
});

const handlerEvidence = z.object({
  lastSeen: date.optional(),
  measured: z.array(measuredEntry),
  rung: z.literal([1, 2, 3, 4]).optional(),
});

/** Deterministic JSON: handlers by id, keys by name, two spaces, a final newline. */
export function serializeEvidence(evidence: Evidence): string {
  const handlers = Object.fromEntries([...evidence.handlers].sort(([a], [b]) => byText(a, b)));
  const sorted = (_key: string, value: unknown): unknown =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => byText(a, b)))
      : value;
  return `${JSON.stringify({ handlers, schema: EVIDENCE_SCHEMA }, sorted, 2)}\n`;
}

function problem(code: string, message: string, line?: number): Problem {
  return { file: EVIDENCE_FILE, code, message, count: 1, ...(line !== undefined && { line }) };
}

function failed(state: EvidenceState, message: string, line?: number): ParsedEvidence {
  return { evidence: NO_EVIDENCE, state, problems: [problem(`evidence-${state}`, message, line)] };
}

function errorLine(text: string, error: unknown): number | undefined {
  const message = error instanceof Error ? error.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  return position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
}

/** Reads the evidence file (null: there is none); never throws, what is bad is left out and named in `problems`. */
export function parseEvidence(text: string | null): ParsedEvidence {
  if (text === null || text.trim() === '') return { evidence: NO_EVIDENCE, state: 'absent', problems: [] };
  const plain = text.replace(/^\uFEFF/, '');
  const conflict = conflictLine(plain);
  if (conflict !== undefined) {
    return failed(
      'conflict-markers',
      'A merge left conflict markers; take either side, then run `suture docs` to measure again.',
      conflict,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(plain);
  } catch (error) {
    return failed('unreadable', 'Not JSON, so no production facts were read.', errorLine(plain, error));
  }
  const file = z.object({ schema: z.string(), handlers: z.unknown() }).safeParse(json);
  if (!file.success) return failed('unreadable', 'Not an evidence file: `schema` is missing.');
  if (file.data.schema !== EVIDENCE_SCHEMA) {
    const schema = file.data.schema.slice(0, 60);
    return failed('other-schema', `Schema "${schema}" is not ${EVIDENCE_SCHEMA}; nothing was read.`);
  }
  const entries = file.data.handlers;
  if (entries === null || typeof entries !== 'object' || Array.isArray(entries)) {
    return failed('unreadable', '`handlers` is not an object, so no production facts were read.');
  }
  const handlers = new Map<string, HandlerEvidence>();
  const problems: Problem[] = [];
  for (const [id, value] of Object.entries(entries).sort(([a], [b]) => byText(a, b))) {
    const parsed = handlerEvidence.safeParse(value);
    if (parsed.success) handlers.set(id, present(parsed.data));
    else {
      const where = parsed.error.issues[0];
      const path = where?.path.join('.') ?? '';
      problems.push(
        problem('evidence-entry', `"${id.slice(0, 200)}" was left out: ${path} ${where?.message ?? ''}`),
      );
    }
  }
  return { evidence: { handlers }, state: 'read', problems };
}

function present(data: z.infer<typeof handlerEvidence>): HandlerEvidence {
  const { lastSeen, rung, measured } = data;
  return { ...(lastSeen !== undefined && { lastSeen }), measured, ...(rung !== undefined && { rung }) };
}
