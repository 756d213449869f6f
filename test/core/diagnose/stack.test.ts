import assert from 'node:assert/strict';
import fc from 'fast-check';
import { framesOf, sameFunction } from '../../../src/core/diagnose/stack.ts';

describe('frames of a stack', () => {
  it('are read in every form that V8 writes', () => {
    const frames = framesOf(`TypeError: Cannot read properties of undefined (reading 'a')
    at showLamp (/srv/app/src/lamp.ts:10:5)
    at async OrderController.place (file:///srv/my%20app/src/order.ts:7:3)
    at new Lamp (C:\\app\\src\\lamp.ts:3:9)
    at Object.<anonymous> (/srv/app/src/boot.ts:1:1)
    at Lamp.#light [as light] (/srv/app/src/lamp.ts:4:2)
    at file:///C:/app/src/inline.ts:2:8
    at async /srv/app/src/inline.ts:5:6
    at Array.map (<anonymous>)
    at async Promise.all (index 0)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`);
    assert.deepEqual(
      frames.map(({ symbol, file, line, column }) => `${symbol ?? '-'} ${file} ${line} ${column}`),
      [
        'showLamp /srv/app/src/lamp.ts 10 5',
        'OrderController.place /srv/my app/src/order.ts 7 3',
        'Lamp C:\\app\\src\\lamp.ts 3 9',
        '- /srv/app/src/boot.ts 1 1',
        'Lamp.#light /srv/app/src/lamp.ts 4 2',
        '- C:/app/src/inline.ts 2 8',
        '- /srv/app/src/inline.ts 5 6',
      ],
    );
  });

  it('are none in any other text', () => {
    assert.deepEqual(framesOf('at noon\n  at (x)\nat file:///%:1:2x'), []);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(framesOf(`at ${text}:1:1`))),
    );
  });

  it('name the function that stands there, or another', () => {
    assert.ok(sameFunction('Lamp.light', 'Lamp.#light'));
    assert.ok(sameFunction(undefined, 'anything'));
    assert.ok(!sameFunction('showLamp', 'listLamps'));
  });
});
