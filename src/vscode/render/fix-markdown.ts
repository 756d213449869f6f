import type { FileEdit, Gate, Verdict } from '../../core/model/fix.ts';
import type { NoOffer, Offer } from '../../core/model/healing.ts';
import { causesMarkdown, effectTable, trustText, type AnomalyContext } from './anomaly-markdown.ts';
import { escapeMarkdown } from './escape.ts';
import type { Translate } from './translate.ts';

const marks = { passed: '✓', failed: '✗', inconclusive: '?', skipped: '○' } as const;

function gateName(id: string, t: Translate): string {
  const names: Readonly<Record<string, string>> = {
    applies: t('applies to the code as it is'),
    baseline: t('tests before the fix'),
    'fails-before': t('new test without the fix'),
    'passes-after': t('new test with the fix'),
    'kills-mutant': t('new test notices broken code'),
    'affected-tests': t('all tests that reach the code'),
    'type-check': t('type check'),
    replay: t('speed before and after'),
  };
  return names[id] ?? escapeMarkdown(id, 60);
}

function statusWord(status: Gate['status'], t: Translate): string {
  return {
    passed: t('passed'),
    failed: t('failed'),
    inconclusive: t('inconclusive'),
    skipped: t('not needed'),
  }[status];
}

/** Gates as a list, those that keep the fix from being offered first. */
export function gatesMarkdown(gates: readonly Gate[], t: Translate): string {
  const order = { failed: 0, inconclusive: 1, passed: 2, skipped: 3 } as const;
  return [...gates]
    .sort((left, right) => order[left.status] - order[right.status])
    .map(
      ({ id, status, evidence }) =>
        `- ${marks[status]} ${statusWord(status, t)} · **${gateName(id, t)}**: ${escapeMarkdown(evidence, 1500)}`,
    )
    .join('\n');
}

/** `6 of 6 gates passed in 42.6 s`; gates that do not apply are not counted. */
export function verdictLine({ gates, seconds }: Verdict, t: Translate): string {
  const counted = gates.filter(({ status }) => status !== 'skipped');
  const passed = counted.filter(({ status }) => status === 'passed').length;
  return t('{0} of {1} gates passed in {2} s', passed, counted.length, seconds.toFixed(1));
}

const tierText = (tier: Offer['fix']['tier'], t: Translate): string =>
  tier === 'safe'
    ? t('Safe: the same answers for every request that the recipe reasons about.')
    : t('Suggestion: it changes what is answered. Read it.');

const partText = (part: FileEdit['part'], t: Translate): string =>
  ({ code: t('code'), test: t('test'), docs: t('docs') })[part];

/** What a reviewer should see beside the diff: gates, cause, figures, isolation, notes and trust. */
export function fixMarkdown(offer: Offer, verdict: Verdict, context: AnomalyContext): string {
  const { t } = context;
  const { fix, anomaly, diagnosis, trust } = offer;
  const ends = {
    passed: t('What was tried in a copy of the workspace; it is evidence, not proof.'),
    failed: t('It is not offered: a gate failed.'),
    inconclusive: t('It is not offered: something could not be run, which is never a pass.'),
  };
  const blocks = [
    `# ${escapeMarkdown(fix.title)}`,
    `**${verdictLine(verdict, t)}.** ${ends[verdict.status]}`,
    gatesMarkdown(verdict.gates, t),
    `${t('Isolation: {0}', escapeMarkdown(verdict.isolation, 300))}. ${trustText(trust, t)}`,
    `## ${t('What changes')}`,
    `${escapeMarkdown(fix.summary, 2000)} ${tierText(fix.tier, t)}`,
    fix.edits
      .map(
        ({ file, part, sha256Before }) =>
          `- ${partText(part, t)}: ${escapeMarkdown(file, 400)}${sha256Before === null ? ` (${t('new')})` : ''}`,
      )
      .join('\n'),
    fix.notes.map((note) => `- ${escapeMarkdown(note, 1000)}`).join('\n'),
    `## ${t('Why')}`,
    escapeMarkdown(anomaly.message, 1000),
    effectTable(anomaly, t),
    causesMarkdown(diagnosis, context),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Says plainly that there is no fix, why, and what is known all the same. */
export function noFixMarkdown({ anomaly, diagnosis, reasons }: NoOffer, context: AnomalyContext): string {
  const { t } = context;
  const blocks = [
    `# ${t('No fix')}`,
    escapeMarkdown(anomaly.message, 1000),
    reasons.map((reason) => `- ${escapeMarkdown(reason, 1000)}`).join('\n'),
    `## ${t('Why it is there')}`,
    effectTable(anomaly, t),
    causesMarkdown(diagnosis, context),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
