import type { CodeSite } from '../../model/diagnosis.ts';
import type { Rewrite } from '../analysis.ts';
import type { SourceProgram } from '../program-files.ts';

export function boundConcurrency(_program: SourceProgram, _loop: CodeSite, _limit: number): Rewrite {
  return { k: 'refused', reason: 'Not built yet.' };
}
