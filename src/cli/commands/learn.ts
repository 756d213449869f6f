import type { Command } from '../command.ts';
import { table } from '../table.ts';

/** What became of the fixes that were delivered. */
export const learn: Command = {
  id: 'learn',
  summary: 'Say what became of delivered fixes, and how far each recipe and detector can be trusted here',
  flags: {},
  positionals: [],
  async run(engine) {
    await engine.healing.detect();
    const learned = await engine.healing.learn();
    const percent = (share: number): string => `${Math.round(share * 100)} %`;
    const fixes = learned.fixes.map(({ fingerprint, recipe, decidedIn, outcome, n, ratio }) => [
      fingerprint,
      recipe,
      decidedIn,
      outcome ?? 'not known yet',
      String(n),
      ratio === null ? '-' : `${ratio.toFixed(2)}x`,
    ]);
    const trust = learned.trust.map(({ subject, worked, tried, refused, mean, low, high }) => [
      `${subject.k} ${subject.id}`,
      `worked ${worked} of ${tried} times here${refused === 0 ? '' : `, rejected ${refused}`}`,
      `${percent(mean)} (${percent(low)} to ${percent(high)})`,
    ]);
    return {
      data: { fixes: learned.fixes, trust: learned.trust },
      text: [
        fixes.length === 0
          ? 'No fix was applied or branched yet.\n'
          : table(['fingerprint', 'recipe', 'decided in', 'outcome', 'calls since', 'now / then'], fixes),
        trust.length === 0 ? '' : `\n${table(['subject', 'record', 'trust (90 %)'], trust)}`,
      ].join(''),
      problems: learned.problems,
      findings: false,
    };
  },
};
