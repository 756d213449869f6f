import assert from 'node:assert/strict';
import type { HandlerTests } from '../../../src/core/model/test.ts';
import { detailsMarkdown } from '../../../src/vscode/render/details-markdown.ts';
import {
  ageText,
  hoverCommands,
  hoverMarkdown,
  type HoverContext,
} from '../../../src/vscode/render/hover-markdown.ts';
import { english } from '../../../src/vscode/render/translate.ts';
import { hostileTexts, noonMs, sampleHandler, sampleMetrics, sampleModel } from './samples.ts';

const context: HoverContext = {
  t: english,
  freshness: 'live',
  root: '/work/shop',
  nowMs: noonMs + 5 * 3_600_000,
  canRun: true,
  linkTo: (file, line) => `file:///work/shop/${encodeURIComponent(file)}#L${String(line)}`,
};

const stack = [
  'Error: no stock',
  '    at check (/work/shop/node_modules/express/lib/router.js:1:1)',
  '    at node:internal/process/task_queues:95:5',
  '    at async reserve (file:///work/shop/src/stock.ts:41:9)',
].join('\n');

const testsWith = (title: string): HandlerTests => ({
  level: 'called',
  passed: 1,
  failed: 0,
  notRun: 0,
  tests: [
    {
      test: {
        id: 'x',
        file: 'test/users.test.ts',
        suite: ['users'],
        title,
        start: { line: 7, column: 3 },
        runner: 'vitest',
        placeholder: false,
      },
      level: 'called',
      result: { testId: 'x', state: 'passed', stale: false },
    },
  ],
});

const exemplar = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), startMs: noonMs, durationMs: 9 };

describe('render/hover-markdown', () => {
  it('holds percentiles, baseline, errors, slowest trace, provenance, tests and links', () => {
    const errorGroups = [{ key: 'k', type: 'StockError', message: 'no stock', count: 58, exemplar, stack }];
    const text = hoverMarkdown(
      sampleModel({ metrics: [sampleMetrics({ errorGroups })], tests: testsWith('gets one') }),
      context,
    );
    const row = (start: string): readonly string[] =>
      (text.split('\n').find((line) => line.startsWith(`| ${start} `)) ?? '')
        .split('|')
        .slice(2, -1)
        .map((cell) => cell.replaceAll('&nbsp;', '').trim());
    assert.deepEqual(row('  '), ['p50', 'p95', 'p99', 'max', 'errors', 'n']);
    assert.deepEqual(row('1\\.1\\.0'), ['12 ms', '48.2 ms', '101 ms', '512 ms', '2.42 %', '2400']);
    assert.deepEqual(row('1\\.0\\.0'), ['6 ms', '15.5 ms', '', '', '0.1 %', '900']);
    assert.deepEqual(row('change'), ['2x', '3.1x', '', '', '24x', '']);
    assert.match(text, /command:suture\.runTests/);
    assert.doesNotMatch(
      hoverMarkdown(sampleModel({ tests: testsWith('gets one') }), { ...context, canRun: false }),
      /command:suture\.runTests/,
      'nothing offers to run code without trust',
    );
    assert.match(text, /- 58 × StockError: no stock \(src\\\/stock\\\.ts\\:41\)/);
    assert.match(text, /Slowest: 512 ms at 2026-11-22 12:00:01 UTC, trace (ab){16}/);
    assert.match(text, /p95 [▁▂▃▄▅▆▇█·]{3} · 1\.2k\/h/);
    assert.match(
      text,
      /shop · prod · 2026-11-22 12:00 to 14:00 UTC · measured 3 h ago · mapped by route or event \(rung 2\)/,
    );
    assert.match(text, /✓ passed \[users \\> gets one\]\(file:\/\/\/work\/shop\/test%2Fusers\.test\.ts#L7\)/);
    const commands = [...text.matchAll(/\(command:([\w.]+)/g)].map((match) => match[1]);
    assert.ok(
      commands.length > 0 &&
        commands.every((command) => (hoverCommands as readonly string[]).includes(command ?? '')),
    );
  });

  it('keeps client errors apart from errors', () => {
    const text = hoverMarkdown(
      sampleModel({ metrics: [sampleMetrics({ clientErrors: 240 })] }),
      context,
    ).replaceAll('&nbsp;', '');
    assert.match(text, /\| +errors +\| +4xx +\| +n \|/);
    assert.match(text, /\| +2\.42 % \| +10 % \| +2400 \|/);
  });

  it('says why there is nothing and offers the doctor', () => {
    const text = hoverMarkdown(sampleModel({ metrics: [], emptyReason: 'Nobody called.' }), context);
    assert.match(text, /No calls yet\. Nobody called\\\./);
    assert.match(text, /command:suture\.doctor/);
  });

  it('says when a percentile stands on few calls and when the baseline is missing', () => {
    const metrics = sampleMetrics({ calls: 12, baseline: { kind: 'none', reason: 'first release seen' } });
    const text = hoverMarkdown(sampleModel({ metrics: [metrics] }), context);
    assert.match(text, /only 12 calls/);
    assert.match(text, /No baseline: first release seen/);
  });

  it('lets no text of telemetry, tests or code become Markdown, in hover and details', () => {
    for (const hostile of hostileTexts) {
      const operation = {
        ...sampleMetrics().operation,
        service: hostile,
        environment: hostile,
        name: hostile,
      };
      const metrics = sampleMetrics({
        operation,
        release: hostile,
        slowest: { ...exemplar, traceId: hostile },
        errorGroups: [
          {
            key: hostile,
            type: hostile,
            message: hostile,
            count: 3,
            exemplar,
            stack: `${hostile}\n    at x (/work/shop/${hostile}:1:2)`,
          },
        ],
        baseline: { kind: 'none', reason: hostile },
      });
      const model = sampleModel({
        handler: sampleHandler({
          id: hostile,
          symbol: hostile,
          route: hostile,
          framework: hostile,
          file: hostile,
        }),
        metrics: [metrics, { ...metrics, release: `${hostile} b` }],
        tests: testsWith(hostile),
      });
      for (const text of [hoverMarkdown(model, context), detailsMarkdown(model, context)]) {
        // What is left without escaped marks, our own links and gaps, and indented code may hold none of these.
        const alive = text
          .replace(/^ {4}.*$/gm, '')
          .replace(/\\[!-/:-@[-`{-~]/g, '')
          .replaceAll('&nbsp;', '')
          .replace(/\]\((command:suture\.\w+\?[\w.%~-]*|file:\/\/[\w./%#-]*)\)/g, '');
        assert.doesNotMatch(alive, /\]\(|<|`|!\[|&\w+;|https?:|www\.|\u202e/, hostile);
        assert.doesNotMatch(alive, /^# heading/m, hostile);
      }
    }
  });

  it('tells ages in whole units', () => {
    const ages = [0, 5, 119, 121, 47 * 60, 49 * 60, 1440 * 9].map((minutes) =>
      ageText(noonMs, noonMs + minutes * 60_000, english),
    );
    assert.deepEqual(ages, [
      'just now',
      '5 min ago',
      '119 min ago',
      '2 h ago',
      '47 h ago',
      '2 days ago',
      '9 days ago',
    ]);
  });
});
