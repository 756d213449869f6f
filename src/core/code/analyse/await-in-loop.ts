import type { Position } from '../../model/handler.ts';
import type { LoopAwait } from '../analysis.ts';
import type { SourceProgram } from '../program-files.ts';

export function awaitsInLoops(
  _program: SourceProgram,
  _file: string,
  _start: Position,
): readonly LoopAwait[] {
  return [];
}
