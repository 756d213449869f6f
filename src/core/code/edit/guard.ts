import type { Position } from '../../model/handler.ts';
import type { GuardRewrite, ThrowSite } from '../analysis.ts';
import type { SourceProgram } from '../program-files.ts';

/** Puts a check before the line that throws, answering by the handler's own error path. */
export function guard(
  _program: SourceProgram,
  _site: ThrowSite,
  _handler: { readonly file: string; readonly start: Position },
): GuardRewrite {
  return { k: 'refused', reason: 'Guards are not built yet.' };
}
