import assert from 'node:assert/strict';
import { english } from '../../../src/vscode/render/translate.ts';
import {
  lensText,
  lensTooltip,
  routeLabel,
  templatePlaces,
  type LensContext,
} from '../../../src/vscode/render/lens-text.ts';
import { settingTable } from '../../../src/vscode/setting-table.ts';
import type { HandlerTests } from '../../../src/core/model/test.ts';
import { hostileTexts, noonMs, sampleHandler, sampleMetrics, sampleModel } from './samples.ts';

const template = settingTable['codeLens.template'].default;
const context: LensContext = { t: english, template, freshness: 'live' };
const tests = (over: Partial<HandlerTests>): HandlerTests => ({
  level: 'called',
  passed: 0,
  failed: 0,
  notRun: 0,
  tests: [],
  ...over,
});

describe('render/lens-text', () => {
  it('says latency, change, errors, rate and tests in one line', () => {
    const model = sampleModel({ tests: tests({ passed: 5 }) });
    assert.equal(lensText(model, context), 'p95 48.2 ms (3.1x) · 2.42 % errors · 1.2k/h · 5 tests pass');
  });

  it('gives the sample size of a small sample, and no percentile under five calls', () => {
    const few = sampleMetrics({
      calls: 12,
      errors: 0,
      errorRate: 0,
      baseline: { kind: 'none', reason: 'first release' },
    });
    assert.equal(lensText(sampleModel({ metrics: [few] }), context), 'p95 48.2 ms n 12 · 0 % errors · 6/h');
    const fewer = { ...few, calls: 3, percentiles: null, toMs: noonMs + 10 };
    assert.equal(
      lensText(sampleModel({ metrics: [fewer] }), context),
      'max 512 ms n 3 · 0 % errors · 3 calls',
    );
  });

  it('leaves out a change that is none', () => {
    const same = sampleMetrics({
      baseline: { kind: 'period', release: '1.1.0', calls: 900, errorRate: 0, p50Ms: 12, p95Ms: 47 },
    });
    assert.doesNotMatch(lensText(sampleModel({ metrics: [same] }), context), /x\)/);
  });

  it('says what else is live', () => {
    const old = sampleMetrics({ release: '1.0.0', percentiles: { p50Ms: 1, p95Ms: 15.5, p99Ms: 20 } });
    assert.match(
      lensText(sampleModel({ metrics: [sampleMetrics(), old] }), context),
      / · 1\.0\.0 still live: p95 15\.5 ms$/,
    );
    assert.match(lensText(sampleModel({ metrics: [sampleMetrics(), old, old] }), context), / · \+2 more$/);
  });

  it('marks what is stale', () => {
    assert.match(
      lensText(sampleModel({ editedSinceMeasured: true }), context),
      / · measured before your edit$/,
    );
    assert.match(lensText(sampleModel(), { ...context, freshness: 'stale' }), / · stale$/);
  });

  it('says why there is nothing', () => {
    const empty = sampleModel({
      metrics: [],
      emptyReason: 'No telemetry has been read yet.',
      tests: tests({ level: 'none' }),
    });
    assert.equal(lensText(empty, context), 'no calls yet (No telemetry has been read yet) · no test');
    assert.equal(lensText(empty, { ...context, freshness: 'reading' }), 'reading telemetry… · no test');
    assert.equal(lensText(empty, { ...context, freshness: 'indexing' }), 'indexing… · no test');
    const long = sampleModel({ metrics: [], emptyReason: `No call. ${'Long reason. '.repeat(20)}` });
    assert.equal(lensText(long, context), 'no calls yet');
    assert.match(lensTooltip(long, context), /^No call\. Long reason/);
  });

  it('says the state of tests', () => {
    const say = (over: Partial<HandlerTests>): string =>
      lensText(sampleModel({ tests: tests(over) }), { ...context, template: '{tests}' });
    assert.equal(say({ passed: 1 }), '1 test passes');
    assert.equal(say({ passed: 4, failed: 1 }), '1 of 5 tests fail');
    assert.equal(say({ failed: 1 }), '1 test fails');
    assert.equal(say({ notRun: 2 }), '2 tests, not run');
    assert.equal(say({ passed: 2, notRun: 1 }), '2 tests pass, 1 not run');
    assert.equal(say({ level: 'placeholder' }), 'only a placeholder test');
  });

  it('follows the template and drops segments with nothing in them', () => {
    const say = (text: string): string => lensText(sampleModel(), { ...context, template: text });
    assert.equal(say('{p50} · {tests} · {calls}'), 'p50 12 ms · 2.4k calls');
    assert.equal(say('fixed · {n}'), 'fixed');
    assert.equal(say('{unknown} {release}'), '{unknown} 1.1.0');
    for (const place of templatePlaces) assert.doesNotMatch(say(`{${place}}`), /[{}]/);
    assert.ok(
      templatePlaces.every((place) => settingTable['codeLens.template'].description.includes(`{${place}}`)),
    );
  });

  it('shows no icon and no second line that a release or route brings along', () => {
    for (const text of hostileTexts) {
      const model = sampleModel({
        handler: sampleHandler({ route: text }),
        metrics: [sampleMetrics({ release: text }), sampleMetrics({ release: `${text}2` })],
      });
      const shown = lensText(model, { ...context, template: '{release} {more}' }) + routeLabel(model);
      assert.doesNotMatch(shown, /\$\(|[\r\n\u202a-\u202e\u2066-\u2069]/);
    }
  });
});
