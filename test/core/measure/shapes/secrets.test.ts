import assert from 'node:assert/strict';
import { isSecretName, isSecretValue, redactText } from '../../../../src/core/measure/shapes/secrets.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc';

describe('secrets', () => {
  it('knows names of secrets by their words', () => {
    for (const name of [
      'token',
      'accessToken',
      'user_password',
      'api-key',
      'apiKey',
      'X-Auth',
      'sessionId',
      'email',
      'Email',
    ])
      assert.equal(isSecretName(name), true, name);
    for (const name of ['monkey', 'keyword', 'author', 'page', 'customerId', 'state', 'spin', 'q'])
      assert.equal(isSecretName(name), false, name);
  });

  it('knows tokens, JWTs and e-mail addresses by their looks', () => {
    const secrets = [
      JWT,
      'jane.doe@example.org',
      'jane%40example.org',
      'sk_live_abcdefgh12345678',
      'Zm9vYmFyMTIzNDU2Nzg5MEFCQw==',
      'd41d8cd98f00b204e9800998ecf8427e',
    ];
    for (const value of secrets) assert.equal(isSecretValue(value), true, value);
    const plain = [
      'umbrella',
      'cus-056',
      'a-very-long-product-slug-of-many-words',
      '507f1f77bcf86cd799439011',
      '6f1c0a52-70a2-4a5e-9d53-0d8a2f8f4c11',
      'adr-6f1c0a52-70a2-4a5e-9d53-0d8a2f8f4c11',
      '',
    ];
    for (const value of plain) assert.equal(isSecretValue(value), false, value);
  });

  it('takes them out of messages', () => {
    assert.equal(redactText(`no user jane@example.org with ${JWT}!`), 'no user (redacted) with (redacted)!');
    assert.equal(redactText('Cannot read properties of undefined'), 'Cannot read properties of undefined');
  });
});
