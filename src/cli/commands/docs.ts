import type { DocumentCheck, DocumentPlan } from '../../core/engine/documents.ts';
import type { Command, CommandResult } from '../command.ts';
import { writeInside } from '../write-inside.ts';

/** Writes the generated pages and their evidence, or checks that they are true. */
export const docs: Command = {
  id: 'docs',
  summary: 'Regenerate the documentation, or with --check fail when it no longer tells the truth',
  flags: {
    check: {
      type: 'boolean',
      help: 'write nothing; compare with code and committed evidence, and with --telemetry with production',
    },
    force: { type: 'boolean', help: 'also replace what was edited by hand between the markers' },
  },
  positionals: [],
  readsTelemetry: (line) => line.flags['check'] !== true || line.common.telemetry !== undefined,
  async run(engine, line) {
    if (line.flags['check'] === true) return checked(await engine.documents.check());
    const plan = await engine.documents.plan({ force: line.flags['force'] === true });
    for (const file of plan.files) {
      if (file.write) await writeInside(line.common.workspace, file.path, file.after);
    }
    return written(plan);
  },
};

const refusedStates = new Set(['edited-inside', 'conflict-markers', 'broken-markers']);

function written({ files, problems }: DocumentPlan): CommandResult {
  const refused = files.filter((file) => !file.write && refusedStates.has(file.state));
  return {
    data: {
      files: files.map(({ path: file, state, message, write: isWritten }) => ({
        file,
        state,
        message,
        written: isWritten,
      })),
    },
    text: files
      .map(
        (file) =>
          `${(refused.includes(file) ? 'kept as it is' : file.write ? 'written' : 'unchanged').padEnd(13)}  ${file.path}${refused.includes(file) ? `: ${file.message} Use --force to replace it.` : ''}\n`,
      )
      .join(''),
    problems,
    findings: refused.length > 0,
  };
}

function checked({ pages, behaviour, problems }: DocumentCheck): CommandResult {
  const lines = pages.map((drift) => {
    const at = drift.firstDifferenceLine === null ? drift.file : `${drift.file}:${drift.firstDifferenceLine}`;
    const difference =
      drift.expected === null && drift.actual === null
        ? ''
        : `\n    is:        ${drift.actual ?? '(nothing)'}\n    should be: ${drift.expected ?? '(nothing)'}`;
    return `${drift.state.padEnd(14)}  ${at}: ${drift.message}${difference}\n`;
  });
  const production = (behaviour ?? []).map(
    (drift) => `${drift.kind}  ${drift.handlerId}: ${drift.message}\n`,
  );
  const findings = lines.length + production.length > 0;
  return {
    data: { pages, behaviour },
    text: findings ? [...lines, ...production].join('') : 'The documentation tells the truth.\n',
    problems,
    findings,
  };
}
