import type { FixProof } from '../../model/fix.ts';
import type { CallSample } from '../../model/shape.ts';
import { spyFor } from '../calls-in-flight.ts';
import { boundConcurrencyExample } from '../examples/bound-concurrency.ts';
import { inFlightTest, replayTest } from '../in-flight-test.ts';
import type { Draft, NoFix, Recipe, RecipeInput } from '../recipe.ts';
import { planTest } from '../test-writer/plan-test.ts';
import { needsBody, whyNotSendable } from '../test-writer/sendable.ts';

/**
 * Calls under way at once per request: what browsers allow themselves per host. Twenty calls take four turns instead of
 * twenty; and a pool of ten connections still serves somebody else.
 */
const LIMIT = 6;
/** Different recorded calls that the replay sends in turn. */
const MOST_SAMPLES = 5;
/** Names of recorded calls that change something: an HTTP method or the first word of SQL, wherever a name has it. */
const WRITES = /(^|[\s:.])(POST|PUT|PATCH|DELETE|INSERT|UPDATE|MERGE|REPLACE|UPSERT|publish|send)\b/;

export const boundConcurrency: Recipe = {
  id: 'bound-concurrency',
  title: 'Let the calls of a loop wait side by side, a few at a time',
  mends: ['awaited-call-in-loop'],
  tier: 'safe',
  async draft(input, ports) {
    const { cause } = input;
    if (cause.detail.k !== 'awaited-call-in-loop' || cause.site === undefined) {
      return noFix('This cause names no loop.');
    }
    const { site, detail } = cause;
    const { name } = repeatedCall(input);
    if (name !== undefined && WRITES.test(name)) {
      return noFix(
        `The calls that repeat are recorded as ${name}, which looks like a write: their order may matter.`,
      );
    }
    const rewrite = await ports.code.boundConcurrency(site, LIMIT);
    if (rewrite.k === 'refused') return noFix(rewrite.reason);
    const samples = sendableSamples(input);
    const [sample] = samples;
    if (sample === undefined) return noFix(whyNoSample(input));
    const plan = await planTest(input, ports);
    if ('k' in plan) return plan;
    const spy = await spyFor(detail, plan, ports.read);
    if (typeof spy === 'string') return noFix(spy);
    const suite = nameOf(input);
    const title = `has several calls of ${spy.name} under way, at most ${LIMIT}, and answers in the same order`;
    const { file } = plan;
    const proof: FixProof = {
      test: { file, title: `${suite} > ${title}` },
      failsBefore: true,
      mutants: mutantsOf(site.file, rewrite.newText),
      replay: {
        file: file.replace(/((?:[._-](?:test|spec))?\.[cm]?[jt]sx?)$/, '-replay$1'),
        text: replayTest(plan, spy, suite, samples, msPerCall(input)),
        samples,
      },
    };
    return {
      k: 'draft',
      title: `Wait for up to ${LIMIT} calls of ${spy.name} at once`,
      summary: summaryOf(detail.callee, site.symbol),
      edits: [
        { file: site.file, newText: rewrite.newText, part: 'code' },
        { file, newText: inFlightTest(plan, spy, { suite, title }, sample, LIMIT), part: 'test' },
      ],
      proof,
      notes: [
        `${LIMIT} calls at a time: whoever answers them gets them closer together than before.`,
        'After a failure, calls that are already under way are waited for; their results are dropped.',
        ...rewrite.assumes,
      ],
    } satisfies Draft;
  },
  example: boundConcurrencyExample,
};

const noFix = (reason: string): NoFix => ({ k: 'no-fix', reason });

const nameOf = ({ handler }: RecipeInput): string =>
  [handler.method, handler.route].filter((part) => part !== undefined).join(' ') || handler.symbol;

const summaryOf = (callee: string, symbol: string): string =>
  `${symbol} asked ${callee} once per round and waited each time. Now up to ${LIMIT} of these calls are under way at once. ` +
  'Results keep their order, and of several failures the one that would have come first is still the one that is thrown.';

/** Good calls that can be sent again without a body, those that took longest (had most to ask for) first. */
function sendableSamples({ comparison }: RecipeInput): readonly CallSample[] {
  const all = comparison?.now.shape?.samples ?? [];
  return all
    .filter((one) => one.outcome === 'ok' && !needsBody(one) && whyNotSendable(one) === null)
    .filter(({ method }) => method === 'GET' || method === 'HEAD')
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, MOST_SAMPLES);
}

function whyNoSample({ comparison }: RecipeInput): string {
  const samples = comparison?.now.shape?.samples ?? [];
  if (samples.length === 0) return 'No recorded call of this operation is known that a test could send.';
  const [why] = samples.map(whyNotSendable).filter((reason) => reason !== null);
  return why === undefined
    ? 'The recorded calls need a body, which telemetry does not keep, or did not succeed.'
    : `No recorded call can be sent again: ${why}.`;
}

/** The recorded call that repeats: the one that the finding names, else the one that takes most time. */
function repeatedCall({ finding, comparison }: RecipeInput): { readonly name?: string; readonly ms: number } {
  const { subject } = finding;
  if (subject.k === 'repeated-call') return { name: subject.childName, ms: subject.childP50Ms };
  const children = comparison?.now.shape?.children ?? [];
  const [worst] = children.toSorted((a, b) => b.durationSumMs - a.durationSumMs);
  return worst === undefined ? { ms: 5 } : { name: worst.name, ms: worst.durationSumMs / worst.total };
}

/** Recorded time of one awaited call, for the replay; within bounds that keep it short. */
const msPerCall = (input: RecipeInput): number =>
  Math.round(Math.min(50, Math.max(1, repeatedCall(input).ms)) * 10) / 10;

/** One call at a time again, and results in the order in which they come. */
function mutantsOf(file: string, text: string): FixProof['mutants'] {
  const one = text.replace('Array.from({ length: limit }', 'Array.from({ length: 1 }');
  const mutants = [{ file, newText: one, what: 'one call at a time' }];
  if (/(=|\(|\.\.\.\() *\n? *await \w+\(/.test(text)) {
    const newText = text.replace(/results\[index\] = await work\(item\)/, 'results.push(await work(item))');
    mutants.push({ file, newText, what: 'results in the order in which they come' });
  }
  return mutants.filter(({ newText }) => newText !== text);
}
