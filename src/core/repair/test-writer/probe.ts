import type { CallSample } from '../../model/shape.ts';
import type { NoFix, RecipePorts } from '../recipe.ts';
import type { TestPlan } from './test-plan.ts';

/** How one recorded call is answered in a test. */
export interface Answer {
  readonly status: number;
  /** Parsed JSON, or the empty object where the answer is none. */
  readonly body: unknown;
  readonly json: boolean;
  /** Clock of the process that answered, for telling times of now from times of the data. */
  readonly nowMs: number;
}

const MARK = 'suture-answer';
/** Characters per printed line: longer lines are cut by some reporters. */
const PIECE = 3000;
const MOST_PIECES = 60;

/** Answers by number of the sample; those that could not be had are missing. */
export type Answers = ReadonlyMap<number, Answer>;

/** Sends the calls in a test file that prints how each is answered, in the set-up of the plan. */
export async function probe(
  plan: TestPlan,
  samples: readonly CallSample[],
  observe: NonNullable<RecipePorts['observe']>,
): Promise<Answers | NoFix> {
  const { quote } = plan.style;
  const tests = samples.map((sample, i) => ({
    title: `sends ${i}`,
    body: [
      `const answer = await ${plan.request(sample)};`,
      `const seen = JSON.stringify({ status: answer.status, json: /json/.test(answer.type), body: answer.body, nowMs: Date.now() });`,
      `for (let at = 0; at < Math.min(seen.length, ${PIECE * MOST_PIECES}); at += ${PIECE})`,
      `  console.log([${quote}${MARK}${quote}, ${i}, at, seen.length, seen.slice(at, at + ${PIECE})].join(${quote} ${quote}));`,
    ].join('\n'),
  }));
  const seen = await observe({ file: plan.file, text: plan.renderSuite([], 'probe', tests) });
  if (seen.k === 'could-not-run')
    return { k: 'no-fix', reason: `The recorded calls could not be sent in a test: ${seen.reason}` };
  const answers = answersIn(seen.lines, samples.length);
  if (answers.size > 0 || samples.length === 0) return answers;
  return {
    k: 'no-fix',
    reason: `With the set-up of ${plan.neighbour}, none of the ${samples.length} recorded calls was answered in a test (${seen.failed} tests failed).`,
  };
}

/** What the probe printed, put together; lines of the program itself are passed over. */
export function answersIn(lines: readonly string[], samples: number): Answers {
  const pieces = new Map<number, Map<number, string>>();
  const lengths = new Map<number, number>();
  for (const line of lines) {
    const [, which = '', at = '', length = '', text = ''] =
      /suture-answer (\d{1,4}) (\d{1,9}) (\d{1,9}) (.*)$/u.exec(line) ?? [];
    const number = Number(which);
    if (which === '' || number >= samples) continue;
    lengths.set(number, Number(length));
    const known = pieces.get(number) ?? new Map<number, string>();
    pieces.set(number, known.set(Number(at), text));
  }
  const answers = new Map<number, Answer>();
  for (const [number, parts] of pieces) {
    const text = [...parts]
      .toSorted(([a], [b]) => a - b)
      .map(([, part]) => part)
      .join('');
    if (text.length !== lengths.get(number)) continue;
    const answer = parsed(text);
    if (answer !== null) answers.set(number, answer);
  }
  return answers;
}

function parsed(text: string): Answer | null {
  try {
    const value = JSON.parse(text) as Partial<Answer>;
    const { status, json, body, nowMs } = value;
    return typeof status === 'number' && typeof nowMs === 'number'
      ? { status, json: json === true, body, nowMs }
      : null;
  } catch {
    return null;
  }
}
