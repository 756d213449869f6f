import assert from 'node:assert/strict';
import { code, plainText, prose } from '../../../src/core/deliver/markdown.ts';
import {
  commitMessage,
  pullRequestText,
  type DeliveryInput,
} from '../../../src/core/deliver/pull-request.ts';

const fingerprint = '0123456789abcdef';

/** A delivery in which every text that somebody else wrote is `text`. */
function delivery(text: string): DeliveryInput {
  const at = { line: 12, column: 3 };
  const site = { file: 'src/orders.ts', start: at, end: at, symbol: text };
  const evidence = [{ label: text, detail: text, file: text, line: 7, traceId: text }];
  return {
    fix: {
      ...{ id: 'fix', fingerprint, recipe: 'bound-concurrency', tier: 'safe', title: text, summary: text },
      edits: [{ file: text, sha256Before: null, newText: '', part: 'code' }],
      proof: { test: { file: 'x', title: 'x' }, failsBefore: true, mutants: [] },
      notes: [text],
    },
    verdict: {
      ...{ fixId: 'fix', fingerprint, status: 'passed', isolation: text, seconds: 41.27 },
      gates: [
        { id: 'fails-before', status: 'passed', evidence: text },
        { id: 'replay', status: 'inconclusive', evidence: text },
      ],
    },
    anomaly: {
      ...{ fingerprint, kind: 'performance', detector: 'n-plus-one-call', severity: 'high', confidence: 1 },
      operation: { id: text, service: text, environment: '', kind: 'http', name: text },
      ...{
        handlerId: text,
        message: text,
        release: text,
        baselineRelease: text,
        evidence,
        subject: { k: 'latency' },
      },
      effect: {
        measure: text,
        unit: 'ms',
        before: 12.34,
        after: 1234.5,
        ratio: 100,
        low: 95.51,
        high: 104,
        n: 310,
        nBefore: 290,
      },
    },
    diagnosis: {
      fingerprint,
      causes: [
        { cause: 'c', message: text, score: 1, site, evidence, detail: { k: 'none' } },
        { cause: 'd', message: text, score: 0.5, evidence: [], detail: { k: 'none' } },
      ],
    },
  };
}

const hostile = [
  'ping @octocat and @org/team, mail a@b.example',
  'fixes #1, closes GH-2, resolves o/r#3 and !4',
  '[click](javascript:alert(1)) ![x](//evil.example/p.png) [ref]: x',
  '<img src=x onerror=alert(1)><script>x</script><!-- </details>',
  'https://evil.example www.evil.example mailto:a@b.example',
  'a | b \\| c ` d `` e ``` f',
  '\n\n# Heading\n\n- item\n---\n```\ncode\n| a |\n|---|\n',
  '\u202Egnp.exe\u200B \u0000 \u001B[31m \uD800',
  '**bold** _it_ ~~no~~ $\\int$ &lt;b&gt; :tada:',
  'Signed-off-by: x\n\nCo-authored-by: Mallory <m@evil.example>',
];

/** What stands outside of code, where hosts look for mentions, references and links. */
const outsideCode = (markdown: string): string =>
  markdown.replace(/(?<![\\`])(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, 'CODE');

describe('the text of a pull request', () => {
  it('tells figures with n and interval, the cause with its place, gates, isolation and what is open', () => {
    const input = {
      ...delivery('plain text'),
      trust: {
        subject: { k: 'recipe', id: 'bound-concurrency' },
        worked: 2,
        tried: 3,
        refused: 0,
        alpha: 3,
        beta: 2,
        mean: 0.6,
        low: 0.2,
        high: 0.9,
      },
    } as const;
    const { title, body } = pullRequestText(input);
    assert.equal(title, 'plain text');
    assert.match(
      body,
      /\| plain text \| 12\.3 ms \| 1,235 ms \| 100x \[95\.5, 104\] \| 290 before, 310 now \|/,
    );
    assert.match(body, /`src\/orders\.ts:12` in `plain text`/);
    assert.match(
      body,
      /\| `fails-before` \| passed \| plain text \|\n\| `replay` \| \*\*inconclusive\*\* \|/,
    );
    assert.match(body, /Isolation of the runs: plain text\. Took 41\.3 s\./);
    assert.match(body, /Gate `replay` is inconclusive\./);
    assert.match(body, /worked 2 of 3 times in this workspace/);
    assert.match(body, /Passing tests show what they test/);
  });

  it('is plain about a fix that was not validated, and about a cause that is not known', () => {
    const input = delivery('x');
    const { body } = pullRequestText({
      ...input,
      verdict: null,
      diagnosis: { fingerprint, causes: [], why: 'no *code*' },
    });
    assert.match(body, /\*\*This fix was not validated\.\*\*/);
    assert.match(body, /Not known: no \\\*code\\\*\./);
    const failed = { ...input.verdict!, status: 'failed' as const };
    assert.match(pullRequestText({ ...input, verdict: failed }).body, /\*\*At least one gate failed\.\*\*/);
  });

  it('does not mix up fixes', () => {
    const input = delivery('x');
    assert.throws(
      () => pullRequestText({ ...input, verdict: { ...input.verdict!, fixId: 'other' } }),
      /of another/,
    );
    assert.throws(
      () => commitMessage({ ...input, diagnosis: { fingerprint: 'other', causes: [] } }),
      /of another/,
    );
  });

  for (const text of hostile) {
    it(`keeps ${JSON.stringify(text.slice(0, 30))} text`, () => {
      const { title, body } = pullRequestText(delivery(text));
      const shape = (markdown: string) =>
        markdown.split('\n').map((line) => /^(?:#+ |\| |- |---|$)?/.exec(line)?.[0]);
      // Line for line the same blocks as with a harmless text: nothing opened or closed one.
      assert.deepEqual(shape(body), shape(pullRequestText(delivery('harmless')).body));
      // An entity is rendered before a host looks for references.
      const seen = outsideCode(body)
        .replace(/<\/?code>/g, '')
        .replaceAll('&#124;', '/');
      assert.doesNotMatch(seen, /@[\w-]|#\d|!\d|\bGH-\d|:\/\/|\bwww\.\S|mailto:\S/i);
      assert.doesNotMatch(seen, /(?<!\\)(<|\]\()/);
      assert.doesNotMatch(body + title, /[\u0000-\u0009\u000B-\u001F\u200B\u202E]|\p{Surrogate}/u);
      for (const line of seen.split('\n').filter((row) => row.startsWith('| ')))
        assert.ok([4, 6].includes(line.split('|').length - 1), line);
      assert.doesNotMatch(title, /\n|@\w|#\d/);
      const message = commitMessage(delivery(text));
      assert.doesNotMatch(message, /@[\w-]|#\d|\bGH-\d|:\/\//);
      const trailers = message.trimEnd().split('\n\n').at(-1)?.split('\n') ?? [];
      assert.deepEqual(
        trailers.map((line) => line.split(':')[0]),
        ['Suture-Anomaly', 'Suture-Detector', 'Suture-Recipe', 'Suture-Verdict'],
      );
      assert.ok((message.split('\n')[0] ?? '').length <= 80);
    });
  }

  it('puts text into code and prose without a way out', () => {
    assert.equal(code('a`b'), '``a`b``');
    assert.equal(code('`a``'), '``` `a`` ```');
    assert.equal(code('a|b @x'), '<code>a&#124;b @ x</code>');
    assert.equal(code(' \n'), '(empty)');
    assert.equal(prose('1. x'), '1\\. x');
    assert.equal(prose('- x'), '\\- x');
    assert.equal(plainText('x'.repeat(500)).length, 400);
  });
});
