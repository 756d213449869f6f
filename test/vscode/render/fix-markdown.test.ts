import assert from 'node:assert/strict';
import {
  anomalyMarkdown,
  anomalyTooltip,
  learnedMarkdown,
  trustText,
} from '../../../src/vscode/render/anomaly-markdown.ts';
import { fixMarkdown, noFixMarkdown, verdictLine } from '../../../src/vscode/render/fix-markdown.ts';
import { english } from '../../../src/vscode/render/translate.ts';
import { sampleAnomaly, sampleCause, sampleOffer, sampleVerdict } from './anomaly-samples.ts';
import { hostileTexts } from './samples.ts';

const context = {
  t: english,
  linkTo: (file: string, line: number) => `file:///shop/${file}#L${String(line)}`,
};
/** What Markdown would still act on: escapes and our own links taken out. */
const alive = (text: string): string =>
  text.replace(/\\[!-/:-@[-`{-~]/g, '').replace(/\]\(file:\/\/\/[\w./#-]*\)/g, '');

describe('documents about anomalies and fixes', () => {
  it('show gates, isolation, what changes and why beside a fix', () => {
    const text = fixMarkdown(sampleOffer(), sampleVerdict, context);
    assert.match(text, /1 of 1 gates passed in 42\.6 s/);
    assert.match(text, /✓ passed · \*\*applies to the code as it is\*\*/);
    assert.match(text, /○ not needed · \*\*speed before and after\*\*/);
    assert.match(text, /Isolation: no network but loopback\. Not tried in this workspace before\./);
    assert.match(text, /it is evidence, not proof/);
    assert.match(text, /\(file:\/\/\/shop\/src\/products\.ts#L25\)/);
  });

  it('put the gate that failed first and never call it an offer', () => {
    const gates = [
      ...sampleVerdict.gates,
      { id: 'passes-after', status: 'failed', evidence: 'It fails.' } as const,
    ];
    const verdict = { ...sampleVerdict, status: 'failed', gates } as const;
    const text = fixMarkdown(sampleOffer({ tier: 'suggestion' }), verdict, context);
    assert.match(text, /It is not offered: a gate failed/);
    assert.ok(text.indexOf('✗ failed') < text.indexOf('✓ passed'));
    assert.equal(verdictLine(verdict, english), '1 of 2 gates passed in 42.6 s');
    assert.match(fixMarkdown(sampleOffer(), { ...verdict, status: 'inconclusive' }, context), /never a pass/);
  });

  it('say plainly that there is no fix, with every reason', () => {
    const { anomaly, diagnosis } = sampleOffer();
    const text = noFixMarkdown({ k: 'no-fix', anomaly, diagnosis, reasons: ['First.', 'Second.'] }, context);
    assert.match(text, /^# No fix[\s\S]*- First\\\.\n- Second/);
  });

  it('show trust as what was tried', () => {
    const subject = { k: 'recipe', id: 'r' } as const;
    const trust = {
      subject,
      worked: 2,
      tried: 3,
      refused: 1,
      alpha: 3,
      beta: 2,
      mean: 0.6,
      low: 0.3,
      high: 0.9,
    };
    assert.equal(trustText(trust, english), 'Worked 2 of 3 times here. Rejections here: 1.');
    assert.equal(
      trustText({ ...trust, worked: 0, tried: 0, refused: 2 }, english),
      'Not tried in this workspace before. Rejections here: 2.',
    );
    const fixes = [
      {
        fixId: 'f',
        fingerprint: 'p',
        recipe: 'r',
        decidedIn: '1.1.0',
        outcome: 'no-effect',
        n: 80,
        ratio: 0.98,
      },
    ] as const;
    const text = learnedMarkdown({ trust: [trust], fixes, problems: [] }, english);
    assert.match(text, /no effect/);
    assert.match(text, /2 \/ 3/);
  });

  it('keep hostile telemetry text', () => {
    for (const text of hostileTexts) {
      const anomaly = sampleAnomaly({
        message: text,
        evidence: [{ label: text, detail: text, traceId: text }],
        release: text,
      });
      const diagnosis = { fingerprint: 'f', causes: [sampleCause({ message: text })], why: text };
      const offer = { ...sampleOffer({ title: text, summary: text, notes: [text] }), anomaly, diagnosis };
      const gates = [{ id: text, status: 'failed', evidence: text } as const];
      for (const shown of [
        anomalyMarkdown({ anomaly, diagnosis }, context),
        anomalyTooltip(anomaly, { anomaly, diagnosis }, english),
        fixMarkdown(offer, { ...sampleVerdict, gates, isolation: text }, context),
        noFixMarkdown({ k: 'no-fix', anomaly, diagnosis, reasons: [text] }, context),
      ])
        assert.doesNotMatch(alive(shown), /\]\(|<|`|\u202e|https?:/, JSON.stringify(text));
    }
  });
});
