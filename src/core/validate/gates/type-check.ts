import type { GateResult, Trial } from '../trial.ts';
import { newProblems, type TypeProblem } from '../type-errors.ts';

const shown = 3;

/** The project's own type checker complains of nothing that it did not complain of before. */
export async function typeCheck(trial: Trial): Promise<GateResult> {
  await trial.state('fixed');
  const after = await trial.types();
  if (after.k === 'not-set-up') return { status: 'skipped', evidence: after.reason };
  const where = `tsc -p ${after.projects.join(', ')}`;
  if (after.problems.length === 0) return { status: 'passed', evidence: `${where}: no errors with the fix.` };
  await trial.state('untouched');
  const before = await trial.types();
  const known = before.k === 'checked' ? before.problems : [];
  const fresh = newProblems(known, after.problems);
  const figures = `${where}: ${known.length} errors before, ${after.problems.length} with the fix`;
  if (fresh.length === 0) return { status: 'passed', evidence: `${figures}, none of them new.` };
  const list = fresh.slice(0, shown).map(described).join('; ');
  return { status: 'failed', evidence: `${figures}, ${fresh.length} of them new: ${list}.` };
}

const described = ({ file, line, code, message }: TypeProblem): string =>
  `${file === '' ? '' : `${file}:${line} `}${code} ${message.split('\n', 1)[0] ?? ''}`;
