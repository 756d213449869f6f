import assert from 'node:assert/strict';
import { wasm } from '../../src/core/ingest/formats/otlp/scan/wasm.ts';
import { compiled } from '../../scripts/wasm.ts';

describe('the compiled scanner', () => {
  it('is what its sources compile to', function () {
    this.timeout(60_000);
    assert.ok(compiled().includes(`'${wasm}'`), 'run: node scripts/wasm.ts');
  });
});
