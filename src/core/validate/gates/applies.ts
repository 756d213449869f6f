import { OutsideScratch } from '../scratch.ts';
import type { GateResult, Trial } from '../trial.ts';

/** The fix was made from the very texts that the person has now, and all of its files belong to the workspace. */
export async function applies(trial: Trial): Promise<GateResult> {
  const { edits } = trial.fix;
  const changed: string[] = [];
  const taken: string[] = [];
  for (const { file, sha256Before } of edits) {
    const present = await trial.current(file);
    if (present === sha256Before) continue;
    (sha256Before === null ? taken : changed).push(file);
  }
  if (changed.length > 0)
    return { status: 'failed', evidence: `Changed since the diagnosis: ${changed.join(', ')}.` };
  if (taken.length > 0)
    return { status: 'failed', evidence: `To be created, but there already: ${taken.join(', ')}.` };
  try {
    await trial.state('fixed', [...trial.fix.proof.mutants, ...replayFile(trial)]);
  } catch (error) {
    if (!(error instanceof OutsideScratch)) throw error;
    return { status: 'failed', evidence: error.message };
  }
  const created = edits.filter(({ sha256Before }) => sha256Before === null).length;
  const evidence = `${edits.length - created} of ${edits.length} files are as they were at the diagnosis, ${created} are new.`;
  return { status: 'passed', evidence };
}

function replayFile({ fix }: Trial): readonly { readonly file: string; readonly newText: string }[] {
  const { replay } = fix.proof;
  return replay === undefined ? [] : [{ file: replay.file, newText: replay.text }];
}
