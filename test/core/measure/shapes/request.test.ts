import assert from 'node:assert/strict';
import { requestOf } from '../../../../src/core/measure/shapes/request.ts';
import type { Request } from '../../../../src/core/measure/shapes/request.ts';
import type { Attributes } from '../../../../src/core/model/span.ts';
import { span } from '../../assemble/spans.ts';

const request = (attributes: Attributes): Request | undefined =>
  requestOf(span({ kind: 'server', attributes: { 'http.request.method': 'GET', ...attributes } }));
const inputs = (attributes: Attributes): unknown => Object.fromEntries(request(attributes)?.inputs ?? []);

describe('request of a span', () => {
  it('reads parameters of the path by the route, in each way of writing them', () => {
    for (const route of [
      '/users/:id/:tab?',
      '/users/{id}/{tab}',
      '/users/<int:id>/<tab>',
      '/users/[id]/[tab]',
    ]) {
      assert.deepEqual(inputs({ 'http.route': route, 'url.path': '/users/7/a%20b' }), {
        'path.id': '7',
        'path.tab': 'a b',
      });
    }
    assert.deepEqual(inputs({ 'http.route': '/:id', 'url.path': '/api/users/7' }), { 'path.id': '7' });
    assert.deepEqual(inputs({ 'http.route': '/:id', 'url.path': '/a+b' }), { 'path.id': 'a+b' });
    assert.deepEqual(inputs({ 'url.path': '/users/7' }), {});
  });

  it('reads the query in older and newer attributes', () => {
    const expected = { 'query.q': 'oak ket', 'query.page': '2' };
    assert.deepEqual(inputs({ 'url.path': '/s', 'url.query': 'q=oak+ket&page=2&page=3' }), expected);
    assert.deepEqual(inputs({ 'http.target': '/s?q=oak%20ket&page=2' }), expected);
    assert.deepEqual(inputs({ 'url.full': 'http://h:1/s?q=oak+ket&page=2#f' }), expected);
    assert.equal(request({ 'url.full': 'http://h:1/s?q=1' })?.path, '/s');
    assert.equal(request({ 'url.path': '/s', 'url.query': 'b=1&a=2&b=3' })?.queryKeys, 'a&b');
  });

  it('puts sizes of bodies into few classes', () => {
    const sizes = [0, 999, 1000, 5_000_000];
    const names = sizes.map((size) => inputs({ 'url.path': '/', 'http.request.body.size': size }));
    assert.deepEqual(
      names.map((each) => Object.values(each as object)[0]),
      ['0', 'under 1 kB', '1 to 10 kB', 'over 1 MB'],
    );
  });

  it('keeps no secret: neither by name nor by looks, in path, query and inputs', () => {
    const found = request({
      'http.route': '/reset/:token/:name',
      'url.path': '/reset/hunter2/jane@example.org',
      'url.query': 'password=hunter2&x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc&y=1',
    });
    assert.equal(found?.path, '/reset/(redacted)/(redacted)');
    assert.equal(found.query, 'password=(redacted)&x=(redacted)&y=1');
    assert.doesNotMatch(JSON.stringify(found), /hunter2|jane|eyJ/u);
    assert.doesNotMatch(JSON.stringify(request({ 'url.path': '/r/Zm9vYmFyMTIzNDU2Nzg5MEFCQw' })), /Zm9v/u);
  });

  it('bounds hostile requests', () => {
    const query = Array.from({ length: 5000 }, (_, i) => `key${i}=${'v'.repeat(300)}\ud800`).join('&');
    const found = request({
      'url.path': '/%zz'.repeat(9999),
      'http.route': '/:a'.repeat(9999),
      'url.query': query,
    });
    assert.ok(found !== undefined && found.inputs.length <= 24);
    assert.ok(found.path.length <= 500 && found.query.length <= 1000);
    assert.ok(found.inputs.every(([key, value]) => key.length <= 70 && value.length <= 100));
  });

  it('is none where the span tells no method or path', () => {
    assert.equal(requestOf(span({ attributes: { 'url.path': '/' } })), undefined);
    assert.equal(request({}), undefined);
  });
});
