import type { Position } from '../../model/handler.ts';
import type { ThrowSite } from '../analysis.ts';
import type { SourceProgram } from '../program-files.ts';

/** What can throw at a place (line and column from 1) of a stack frame; null where the place is no code. */
export function throwSiteAt(_program: SourceProgram, _file: string, _at: Position): ThrowSite | null {
  return null;
}
