import type { CallSample } from '../model/shape.ts';
import type { CallSpy } from './calls-in-flight.ts';
import type { TestPlan } from './test-writer/test-plan.ts';

type Sendable = Pick<CallSample, 'method' | 'path' | 'query'>;

/** Requests that the replay sends and times. */
const REPLAY_ROUNDS = 20;

/**
 * A test file that counts calls under way: more than one and at most `limit`. Calls that start later answer sooner, so an
 * answer equal to the undisturbed one shows that order does not depend on who answers first.
 */
export function inFlightTest(
  plan: TestPlan,
  spy: CallSpy,
  title: { readonly suite: string; readonly title: string },
  sample: Sendable & Pick<CallSample, 'statusCode'>,
  limit: number,
): string {
  const { semicolon: end, indent } = plan.style;
  const send = plan.request(sample);
  const body = [
    `const undisturbed = await ${send}${end}`,
    // Where the test's set-up answers otherwise than production did, its failure must not look like the loop's.
    ...(sample.statusCode === undefined || sample.statusCode === 304
      ? []
      : [`expect(undisturbed.status).toBe(${sample.statusCode})${end}`]),
    ...spy.original,
    `let started = 0${end}`,
    `let underWay = 0${end}`,
    `let most = 0${end}`,
    ...spy.replace((pass) => [
      `underWay += 1${end}`,
      `most = Math.max(most, underWay)${end}`,
      `// The later a call starts, the sooner it is answered: order must not come by luck.`,
      `const pause = Math.max(2, 30 - 3 * started)${end}`,
      `started += 1${end}`,
      `await new Promise((resolve) => setTimeout(resolve, pause))${end}`,
      'try {',
      `${indent}return await ${pass}${end}`,
      '} finally {',
      `${indent}underWay -= 1${end}`,
      '}',
    ]),
    `const answer = await ${send}${end}`,
    `spy.mockRestore()${end}`,
    '',
    `expect(most).toBeGreaterThan(1)${end}`,
    `expect(most).toBeLessThanOrEqual(${limit})${end}`,
    `expect(answer.status).toBe(undisturbed.status)${end}`,
    `expect(answer.text).toBe(undisturbed.text)${end}`,
  ].join('\n');
  return withTop(plan.render(spy.imports, title, body), spy.top);
}

/** A test file that sends recorded calls in turn while each spied call takes `ms` longer, and prints what each took. */
export function replayTest(
  plan: TestPlan,
  spy: CallSpy,
  suite: string,
  samples: readonly Sendable[],
  ms: number,
): string {
  const { semicolon: end, indent } = plan.style;
  const body = [
    ...spy.original,
    ...spy.replace((pass) => [
      `await new Promise((resolve) => setTimeout(resolve, ${ms}))${end}`,
      `return ${pass}${end}`,
    ]),
    `const calls = [`,
    ...samples.map((sample) => `${indent}() => ${plan.request(sample)},`),
    `]${end}`,
    `for (let round = 0; round < ${REPLAY_ROUNDS}; round += 1) {`,
    `${indent}const start = performance.now()${end}`,
    `${indent}await calls[round % calls.length]?.()${end}`,
    `${indent}console.log(\`suture-replay \${(performance.now() - start).toFixed(3)}\`)${end}`,
    '}',
    `spy.mockRestore()${end}`,
  ].join('\n');
  const rendered = plan.render(spy.imports, { suite, title: 'replays recorded calls' }, body);
  return withTop(rendered, [...spy.top, `vi.setConfig({ testTimeout: 120_000 })${end}`]);
}

/** Puts lines before the suite. */
function withTop(text: string, lines: readonly string[]): string {
  return lines.length === 0 ? text : text.replace(/^describe\(/m, () => `${lines.join('\n')}\n\ndescribe(`);
}
