import { HumanError } from '../../core/model/human-error.ts';
import type { Command } from '../command.ts';
import { printable } from '../table.ts';
import { anomalyData, evidenceLines } from './anomalies.ts';

/** Why an anomaly is there: ranked causes, each with evidence and place. */
export const explain: Command = {
  id: 'explain',
  summary: 'Say why an anomaly is there, with the places in the code',
  flags: { baseline: { type: 'string', help: 'as for anomalies' } },
  positionals: ['fingerprint'],
  async run(engine, line) {
    const [fingerprint] = line.positionals;
    if (fingerprint === undefined)
      throw new HumanError('explain needs a fingerprint, as "suture anomalies" lists them.');
    await engine.healing.detect();
    const { anomaly, diagnosis } = await engine.healing.explain(fingerprint);
    const causes = diagnosis.causes.map(
      ({ message, score, site, evidence }, index) =>
        `${index + 1}. ${printable(message)} (${Math.round(score * 100)} %)${site === undefined ? '' : `\n   ${site.file}:${site.start.line} in ${site.symbol}`}\n${evidenceLines(evidence)}`,
    );
    return {
      data: { anomaly: anomalyData(anomaly), diagnosis },
      text: [
        `${printable(anomaly.message)}\n${evidenceLines(anomaly.evidence)}\n`,
        causes.length === 0 ? `No cause was found. ${diagnosis.why ?? ''}\n` : causes.join('\n'),
      ].join(''),
      problems: [],
      findings: false,
    };
  },
};
