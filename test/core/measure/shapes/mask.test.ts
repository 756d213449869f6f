import assert from 'node:assert/strict';
import { maskName, maskPath, maskStatement, wellFormed } from '../../../../src/core/measure/shapes/mask.ts';

describe('masks of ids', () => {
  it('masks what differs from request to request, and nothing else', () => {
    const paths: Readonly<Record<string, string>> = {
      '/stock/query': '/stock/query',
      '/users/42': '/users/:id',
      '/reservations/ord-00411': '/reservations/:id',
      '/a/6f1c0a52-70a2-4a5e-9d53-0d8a2f8f4c11/b': '/a/:id/b',
      '/o/507f1f77bcf86cd799439011': '/o/:id',
      '/t/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst': '/t/:id',
      '/api/v1/oauth2/token': '/api/v1/oauth2/token',
      '/': '/',
      '': '',
    };
    for (const [path, masked] of Object.entries(paths)) assert.equal(maskPath(path), masked);
    assert.equal(maskName('resolve user 4711 of /a/9'), 'resolve user :id of /a/:id');
  });

  it('makes one statement of those that differ in literals', () => {
    const statements = [
      "SELECT * FROM users WHERE id = 7 AND name = 'O''Neil' LIMIT 10",
      'SELECT *  FROM users\nWHERE id = $1 AND name = $2 LIMIT 5 -- cached',
      "SELECT * FROM users WHERE id = -2.5 AND name = 'x' LIMIT 1",
    ];
    assert.deepEqual(
      [...new Set(statements.map(maskStatement))],
      ['SELECT * FROM users WHERE id = ? AND name = ? LIMIT ?'],
    );
    assert.equal(
      maskStatement('select "id" from t2 where a in (1, 2,3)'),
      'select "id" from t2 where a in (?)',
    );
    assert.equal(maskStatement('insert into t values (1, 2), (3, 4)'), 'insert into t values (?)');
  });

  it('bounds hostile text, and mends half characters', () => {
    assert.ok(maskPath('/a'.repeat(100_000)).length <= 200);
    assert.ok(maskStatement("'".repeat(99_999)).length <= 200);
    assert.equal(wellFormed('a\ud800b\u{1f600}'), 'a\ufffdb\u{1f600}');
  });
});
