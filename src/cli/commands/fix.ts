import { HumanError } from '../../core/model/human-error.ts';
import type { FileEdit, Gate, Verdict } from '../../core/model/fix.ts';
import type { Offer } from '../../core/model/healing.ts';
import type { Trust } from '../../core/model/ledger.ts';
import { writeInside } from '../write-inside.ts';
import type { Command, CommandResult } from '../command.ts';
import { printable } from '../table.ts';
import { anomalyData } from './anomalies.ts';

/** The fix for an anomaly: shown, proven in a scratch copy, written or put on a branch. */
export const fix: Command = {
  id: 'fix',
  summary: 'Make the fix for an anomaly: code, test and docs; it runs code of the workspace in a copy of it',
  flags: {
    validate: { type: 'boolean', help: 'prove it in a scratch copy' },
    write: { type: 'boolean', help: 'prove it and, if it passes, write it into the workspace' },
    branch: {
      type: 'boolean',
      help: 'prove it and, if it passes, put it on a git branch of one commit; nothing is merged',
    },
    baseline: { type: 'string', help: 'as for anomalies' },
  },
  positionals: ['fingerprint'],
  async run(engine, line) {
    const [fingerprint] = line.positionals;
    if (fingerprint === undefined)
      throw new HumanError('fix needs a fingerprint, as "suture anomalies" lists them.');
    const { write, branch, validate } = line.flags;
    if (write === true && branch === true) throw new HumanError('Either --write or --branch, not both.');
    if (branch === true) await engine.healing.requireRepository();
    await engine.healing.detect();
    const answer = await engine.healing.fix(fingerprint, { mayRun: true });
    if (answer.k === 'no-fix') {
      return {
        data: {
          anomaly: anomalyData(answer.anomaly),
          fix: null,
          reasons: answer.reasons,
          edits: [],
          gates: [],
        },
        text: `No fix: ${printable(answer.reasons.join('\n        '))}\n`,
        problems: [],
        findings: true,
      };
    }
    if (validate !== true && write !== true && branch !== true) return shown(answer, null, '');
    const verdict = await engine.healing.validate(answer.fix.id, {});
    if (verdict.status !== 'passed') return shown(answer, verdict, 'It is not offered: see the gates.\n');
    if (write === true) {
      for (const { file, newText } of answer.fix.edits)
        await writeInside(line.common.workspace, file, newText);
      await engine.healing.decide({ fixId: answer.fix.id, decision: 'applied' });
      return shown(answer, verdict, `Written: ${answer.fix.edits.map(({ file }) => file).join(', ')}\n`);
    }
    if (branch === true) {
      const delivery = await engine.healing.deliver(answer.fix.id);
      const left =
        delivery.leftOut.length === 0
          ? ''
          : ` Ignored by git, hence not in it: ${delivery.leftOut.join(', ')}.`;
      const text = `On branch ${delivery.branch} (${delivery.commit.slice(0, 10)}); nothing is merged or pushed.${left}\n\n${printableLines(delivery.pullRequest.body)}\n`;
      return shown(answer, verdict, text, delivery);
    }
    return shown(answer, verdict, '');
  },
};

function shown(offer: Offer, verdict: Verdict | null, end: string, delivery?: unknown): CommandResult {
  const { fix: made, anomaly, diagnosis } = offer;
  const gates = verdict?.gates ?? [];
  return {
    data: {
      anomaly: anomalyData(anomaly),
      diagnosis,
      fix: { id: made.id, recipe: made.recipe, tier: made.tier, title: made.title, summary: made.summary, notes: made.notes },
      trust: offer.trust,
      edits: made.edits.map(({ file, sha256Before, newText, part }) => ({ file, sha256Before, newText, part })),
      gates,
      verdict: verdict && { status: verdict.status, isolation: verdict.isolation, seconds: verdict.seconds },
      ...(delivery === undefined ? {} : { delivery }),
    }, // prettier-ignore
    text: [
      `${printable(made.title)} (${made.recipe}, ${made.tier})\n${printableLines(made.summary)}\n`,
      trustLine(offer.trust),
      made.edits.map(editLine).join(''),
      made.notes.map((note) => `Note: ${printable(note)}\n`).join(''),
      verdict === null
        ? ''
        : `\nVerdict: ${verdict.status} in ${verdict.seconds.toFixed(1)} s, isolation: ${verdict.isolation}\n`,
      gates.map(gateLine).join(''),
      end === '' ? '' : `\n${end}`,
    ].join(''),
    problems: [],
    findings: verdict !== null && verdict.status !== 'passed',
  };
}

function trustLine(trust: Trust | null): string {
  if (trust === null) return '';
  const refused = trust.refused === 0 ? '' : ` (rejections: ${trust.refused})`;
  return `This recipe worked ${trust.worked} of ${trust.tried} times here${refused}.\n`;
}

const editLine = ({ file, part, sha256Before }: FileEdit): string =>
  `  ${part.padEnd(4)}  ${sha256Before === null ? 'new' : 'changed'}  ${file}\n`;

const gateLine = ({ id, status, evidence }: Gate): string =>
  `  ${status.padEnd(12)}  ${id}: ${printable(evidence.split('\n')[0] ?? '')}\n`;

const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');
