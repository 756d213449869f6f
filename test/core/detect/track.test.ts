import assert from 'node:assert/strict';
import { errorBurst } from '../../../src/core/detect/detectors/error-burst.ts';
import { track } from '../../../src/core/detect/track.ts';
import type { Finding } from '../../../src/core/model/anomaly.ts';

const [base] = errorBurst.detect(errorBurst.example.anomalous);
const found = (fingerprint: string, release: string): Finding => ({ ...base!, fingerprint, release });

/** `1.1.0 a b` found a and b; `1.2.0 ?` could judge nothing. */
function states(...epochs: readonly string[]): readonly string[] {
  const anomalies = track(
    epochs.map((epoch) => {
      const [release = '', ...names] = epoch.split(' ');
      const findings = names.filter((name) => name !== '?').map((name) => found(name, release));
      const judged = (): boolean => !names.includes('?');
      return { release, findings, judged, callsOf: () => 7 };
    }),
  );
  return anomalies.map(({ fingerprint, state, seenIn, release }) => {
    assert.equal(release, seenIn.at(-1), 'the finding is the last that was made');
    return `${fingerprint} ${state} ${seenIn.join()}`;
  });
}

describe('history of findings', () => {
  it('new, continuing, resolved, reopened', () => {
    assert.deepEqual(states('1 a'), ['a new 1']);
    assert.deepEqual(states('1 a', '2 a'), ['a continuing 1,2']);
    assert.deepEqual(states('1 a', '2'), ['a resolved 1']);
    assert.deepEqual(states('1 a', '2', '3'), ['a resolved 1']);
    assert.deepEqual(states('1 a', '2', '3 a'), ['a reopened 1,3']);
    assert.deepEqual(states('1 a', '2', '3 a', '4 a'), ['a continuing 1,3,4']);
    assert.deepEqual(states('1 a', '2', '3 a', '4'), ['a resolved 1,3']);
    assert.deepEqual(states(), []);
  });

  it('a release that cannot judge neither resolves nor continues', () => {
    assert.deepEqual(states('1 a', '2 ?'), ['a new 1']);
    assert.deepEqual(states('1 a', '2 ?', '3 a'), ['a continuing 1,3']);
    assert.deepEqual(states('1 a', '2 a', '3 ?', '4'), ['a resolved 1,2']);
    assert.deepEqual(states('1 a', '2', '3 ?', '4 a'), ['a reopened 1,4']);
  });

  it('a release that could have shown it but holds too little is named, until one can judge', () => {
    const unjudged = (...epochs: readonly (number | null | 'found' | 'gone')[]): unknown =>
      track(
        epochs.map((epoch, index) => {
          const release = String(index + 1);
          return {
            release,
            findings: epoch === 'found' ? [found('a', release)] : [],
            judged: () => epoch === 'gone',
            callsOf: () => (typeof epoch === 'string' ? 99 : epoch),
          };
        }),
      )[0]?.unjudged;
    assert.deepEqual(unjudged('found', 25), { release: '2', calls: 25 });
    assert.deepEqual(unjudged('found', 25, 0), { release: '3', calls: 0 });
    assert.equal(unjudged('found', null), undefined, 'a release of another service');
    assert.deepEqual(unjudged('found', 25, null), { release: '2', calls: 25 });
    assert.equal(unjudged('found', 25, 'found'), undefined);
    assert.equal(unjudged('found', 25, 'gone'), undefined);
    assert.equal(unjudged('found', 'gone', 25), undefined, 'it stays resolved');
  });

  it('each finding has its own, those of the newest release first, resolved ones last', () => {
    assert.deepEqual(states('1 a b', '2 c a', '3 c'), ['c continuing 2,3', 'a resolved 1,2', 'b resolved 1']);
    assert.deepEqual(states('1 a', '2 ? c b'), ['c new 2', 'b new 2', 'a new 1']);
  });
});
