import assert from 'node:assert/strict';
import { parseFacts } from '../../../src/core/code/parse.ts';

const described = async (text: string) =>
  (await parseFacts('a.ts', text)).functions.map(({ symbol, signature, comment, throws }) => ({
    symbol,
    signature,
    comment,
    throws,
  }));

describe('what a function says of itself', () => {
  it('gives declarations, comments and errors of every form', async () => {
    const functions = await described(`
/** Shows one user.
 *
 *  With details. */
export async function show(req: Request, res: Response): Promise<void> {
  if (!req) throw new NotFound('x');
  list.map(() => { throw new Inner(); });
  throw new errors.Gone();
}

/** A list. */
export const list = async (
  req: Request,
) => [];

class Users {
  /** Saves. */
  private save(user) { throw make(); }
}

/** Health. */
router.get('/health', (req, res) => res.end());
`);
    assert.deepEqual(functions, [
      {
        symbol: 'show',
        signature: 'export async function show(req: Request, res: Response): Promise<void>',
        comment: 'Shows one user.\n\nWith details.',
        throws: ['NotFound', 'Gone'],
      },
      { symbol: '', signature: '()', comment: undefined, throws: ['Inner'] },
      { symbol: 'list', signature: 'async ( req: Request, )', comment: 'A list.', throws: [] },
      { symbol: 'Users.save', signature: 'private save(user)', comment: 'Saves.', throws: [] },
      { symbol: '', signature: '(req, res)', comment: 'Health.', throws: [] },
    ]);
  });

  it('does not take the comment of an enclosing function or of a neighbour', async () => {
    const functions = await described(`
/** Outer. */
function outer() {
  return () => 1;
}
function plain() {}
`);
    assert.deepEqual(
      functions.map(({ comment }) => comment),
      ['Outer.', undefined, undefined],
    );
  });
});
