import { mutantsOf } from '../../code/mutants.ts';
import type { CallSample } from '../../model/shape.ts';
import { generateTestExample } from '../examples/generate-test.ts';
import type { NoFix, Recipe, RecipeInput } from '../recipe.ts';
import { expectationOf } from '../test-writer/expectation.ts';
import { planTest } from '../test-writer/plan-test.ts';
import { probe, type Answers } from '../test-writer/probe.ts';
import { needsBody, whyNotSendable } from '../test-writer/sendable.ts';
import { awaited } from '../test-writer/sending-test.ts';
import type { GeneratedTest, TestPlan } from '../test-writer/test-plan.ts';

const MOST_MUTANTS = 6;

/** A test made of what production asked and got, for a handler that no test calls. */
export const generateTest: Recipe = {
  id: 'generate-test',
  title: 'Write a test from recorded calls',
  mends: ['no-test-calls-it'],
  tier: 'safe',
  async draft(input, ports) {
    const { handler } = input;
    if (ports.observe === undefined)
      return noFix(
        'A test from recorded calls needs to run them to see what stays the same, and nothing may be run here.',
      );
    const { samples, leftOut } = candidates(input);
    if (samples.length === 0)
      return noFix(
        leftOut.length === 0
          ? 'No call of it was recorded as it can be sent again.'
          : `None of its recorded calls can be sent again: ${[...new Set(leftOut)].join('; ')}.`,
      );
    const plan = await planTest(input, ports);
    if ('k' in plan) return plan;
    const first = await probe(plan, samples, ports.observe);
    if ('k' in first) return first;
    const { chosen, notes } = choose(samples, first);
    if (!chosen.some(({ outcome }) => outcome === 'ok'))
      return noFix(
        `In a test, none of the good recorded calls is answered as in production: ${notes.join('; ')}.`,
      );
    // In the order of the test to be, so that what one call leaves behind is there both times.
    const seen = [
      await probe(plan, chosen, ports.observe),
      await probe(plan, chosen, ports.observe),
    ] as const;
    const [one, two] = seen;
    if ('k' in one) return one;
    if ('k' in two) return two;
    const route = [handler.method, handler.route].filter((part) => part !== undefined).join(' ');
    const suite = route === '' ? handler.symbol : route;
    const tests = testsOf(plan, handler.route ?? '', chosen, one, two);
    const [main] = tests;
    if (main === undefined)
      return noFix(
        'The recorded calls were answered differently when they were sent again, so nothing can be expected.',
      );
    const text = plan.renderSuite([], suite, tests);
    const source = await ports.read(handler.file);
    const mutants = source === null ? [] : await mutantsOf(source, handler.start, MOST_MUTANTS);
    return {
      k: 'draft',
      title: `Test ${suite} with recorded calls`,
      summary: `${tests.length === 1 ? 'One test sends a recorded call' : `${tests.length} tests send recorded calls`} to the app as ${plan.neighbour} starts it and expect what production answered. The code is not changed.`,
      edits: [{ file: plan.file, newText: text, part: 'test' }],
      proof: {
        test: { file: plan.file, title: `${suite} > ${main.title}` },
        failsBefore: false,
        mutants: mutants.map((mutant) => ({ file: handler.file, ...mutant })),
      },
      notes: [
        ...notes,
        ...(leftOut.length === 0
          ? []
          : [`${leftOut.length} recorded calls were not used: ${[...new Set(leftOut)].join('; ')}.`]),
      ],
    };
  },
  example: generateTestExample,
};

const noFix = (reason: string): NoFix => ({ k: 'no-fix', reason });

/** Recorded calls that are worth a test: good ones and refused ones; failures of the server are not pinned down. */
function candidates({ comparison }: RecipeInput): {
  samples: readonly CallSample[];
  leftOut: readonly string[];
} {
  const leftOut: string[] = [];
  const samples: CallSample[] = [];
  const known = new Set<string>();
  for (const sample of comparison?.now.shape?.samples ?? []) {
    const key = `${sample.method} ${sample.path}?${sample.query}`;
    if (sample.outcome === 'error' || sample.statusCode === undefined || known.has(key)) continue;
    const why =
      whyNotSendable(sample) ??
      (needsBody(sample) ? 'telemetry does not keep the body that they sent' : null);
    if (why === null) samples.push(sample);
    else leftOut.push(why);
    known.add(key);
  }
  const order = { ok: 0, 'client-error': 1, error: 2 };
  return { samples: samples.toSorted((a, b) => order[a.outcome] - order[b.outcome]), leftOut };
}

/** Up to three calls whose answers differ most, one of them refused if there is such; each answered in a test as in production. */
function choose(
  samples: readonly CallSample[],
  answers: Answers,
): { chosen: readonly CallSample[]; notes: readonly string[] } {
  const notes: string[] = [];
  const good: { sample: CallSample; body: string }[] = [];
  let refused: CallSample | undefined;
  samples.forEach((sample, i) => {
    const answer = answers.get(i);
    if (answer === undefined || answer.status !== sample.statusCode) {
      const got = answer === undefined ? 'not answered' : `answered ${answer.status}`;
      notes.push(
        `A call recorded with ${sample.statusCode ?? 'no status'} is ${got} in a test and was left out`,
      );
    } else if (sample.outcome === 'client-error') refused ??= sample;
    else good.push({ sample, body: JSON.stringify(answer.body) ?? '' });
  });
  // Empty answers say least: the fullest comes first.
  const ranked = good.toSorted((a, b) => fullness(b.body) - fullness(a.body));
  const different = ranked.filter(({ body }, i) => ranked.findIndex((other) => other.body === body) === i);
  // The emptiest is likely another way through the handler.
  const [fullest, ...others] = different.map(({ sample }) => sample);
  const rest =
    refused === undefined
      ? [...others.slice(0, 1), ...others.slice(1).slice(-1)]
      : [...others.slice(-1), refused];
  return {
    chosen: fullest === undefined ? [] : [fullest, ...rest],
    notes: [...new Set(notes)],
  };
}

/** Up to what can be expected in few lines, more is better; beyond that, less. */
const fullness = (body: string): number => (body.length > 1500 ? 1500 - body.length / 100 : body.length);

function testsOf(
  plan: TestPlan,
  route: string,
  chosen: readonly CallSample[],
  one: Answers,
  two: Answers,
): readonly GeneratedTest[] {
  const tests: GeneratedTest[] = [];
  const titles = new Set<string>();
  chosen.forEach((sample, i) => {
    const [a, b] = [one.get(i), two.get(i)];
    if (a === undefined || b === undefined || a.status !== b.status) return;
    const { quote, indent, semicolon } = plan.style;
    const expected = expectationOf(a, b, quote, indent);
    const expect = [`.expect(${a.status})`];
    const body =
      expected === null || expected.text === '{}'
        ? awaited(plan, plan.request(sample), expect, '', 2)
        : `${awaited(plan, plan.request(sample), expect, 'const response = ', 2)}\nexpect(response.body).${expected.exact ? 'toEqual' : 'toMatchObject'}(${expected.text})${semicolon}`;
    tests.push({ title: titleOf(sample, route, a.body, titles), body });
  });
  return tests;
}

/** `answers with query and hits for q=steel`, `refuses with 404 for prd-900`. */
function titleOf(
  { statusCode, outcome, path, query }: CallSample,
  route: string,
  body: unknown,
  taken: Set<string>,
): string {
  const keys = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
  const names = keys.filter((key) => /^[A-Za-z_]\w{0,30}$/.test(key));
  const parts = path.split('/');
  const inputs = [
    ...route.split('/').flatMap((part, i) => (part.startsWith(':') ? (parts[i] ?? []) : [])),
    ...[...new URLSearchParams(query)].map(([key, value]) => `${key}=${value}`),
  ].filter((input) => /^[\w=., -]{1,40}$/.test(input));
  const what = Array.isArray(body) ? ' with a list' : names.length === 0 ? '' : ` with ${listed(names)}`;
  const asked = inputs.length === 0 ? '' : ` for ${listed(inputs)}`;
  const base = `${outcome === 'ok' ? `answers${what}` : `refuses with ${statusCode ?? 'an error'}`}${asked}`;
  let title = base;
  for (let n = 2; taken.has(title); n++) title = `${base} (${n})`;
  taken.add(title);
  return title;
}

const listed = (names: readonly string[]): string => {
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
};
