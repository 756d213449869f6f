import { lstat, mkdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DocumentCheck, DocumentPlan, PlannedFile } from '../../core/engine/documents.ts';
import { HumanError } from '../../core/model/human-error.ts';
import type { Command, CommandResult } from '../command.ts';

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
      if (file.write) await write(line.common.workspace, file);
    }
    return written(plan);
  },
};

async function write(workspace: string, file: PlannedFile): Promise<void> {
  const target = path.join(workspace, file.path);
  const folder = path.dirname(target);
  await mkdir(folder, { recursive: true });
  const inside = path.relative(await realpath(workspace), await realpath(folder));
  const linked = (await lstat(target).catch(() => null))?.isSymbolicLink() === true;
  if (linked || inside.split(path.sep)[0] === '..' || path.isAbsolute(inside)) {
    throw new HumanError(
      `${file.path} leads out of the workspace through a link: nothing was written there.`,
    );
  }
  await writeFile(target, file.after);
}

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
