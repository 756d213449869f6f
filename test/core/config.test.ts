import assert from 'node:assert/strict';
import { parseConfig } from '../../src/core/config.ts';

describe('suture.json', () => {
  it('has defaults when it is absent', () => {
    const { config, problems } = parseConfig(null);
    assert.deepEqual(config.telemetry, ['.telemetry', '.logs']);
    assert.equal(config.docs, 'docs/suture');
    assert.deepEqual(problems, []);
  });

  it('keeps the valid keys beside a wrong one and names the wrong one', () => {
    const { config, problems } = parseConfig(
      '\uFEFF{"docs":"handbook","telemetry":"logs","services":{"shop-api":"shop"}}',
    );
    assert.equal(config.docs, 'handbook');
    assert.deepEqual(config.telemetry, ['.telemetry', '.logs']);
    assert.deepEqual({ ...config.services }, { 'shop-api': 'shop' });
    assert.equal(problems.length, 1);
    assert.match(problems[0]!.message, /\$\.telemetry/);
  });

  it('names an unknown key', () => {
    const { problems } = parseConfig('{"telemetri":[".logs"]}');
    assert.match(problems[0]!.message, /telemetri/);
  });

  it('says when it is no JSON', () => {
    assert.equal(parseConfig('{ nope').problems[0]!.code, 'config-not-json');
    assert.equal(parseConfig('[]').problems[0]!.code, 'config-invalid');
  });

  it('keeps everything that is written inside the workspace', () => {
    for (const docs of ['../out', '/etc', 'a/../../b', 'C:\\\\x', '..\\\\x']) {
      const { config, problems } = parseConfig(`{"docs":"${docs}"}`);
      assert.equal(config.docs, 'docs/suture', docs);
      assert.match(problems[0]!.message, /inside the workspace/);
    }
    assert.equal(parseConfig('{"docs":"handbook/..generated"}').config.docs, 'handbook/..generated');
  });
});
