import assert from 'node:assert/strict';
import type { Detector } from '../../../../src/core/detect/detector.ts';
import * as registry from '../../../../src/core/detect/detectors/registry.ts';

const detectors: readonly Detector[] = Object.values(registry);

describe('detectors', () => {
  it('has members', () => assert.notEqual(detectors.length, 0));

  for (const detector of detectors) {
    describe(detector.id, () => {
      const { quiet, anomalous } = detector.example;

      it('is silent on the quiet input and finds exactly one thing in the other', () => {
        assert.deepEqual(detector.detect(quiet), []);
        const findings = detector.detect(anomalous);
        assert.equal(findings.length, 1);
        const [finding] = findings;
        assert.equal(finding?.detector, detector.id);
        assert.equal(finding.kind, detector.kind);
        assert.match(finding.fingerprint, /^[\da-f]{16}$/);
        assert.notEqual(finding.evidence.length, 0);
        assert.match(finding.message, /^[^\n]+\.$/);
      });

      it('states an effect that is finite, inside its interval, and saved and replayed unchanged', () => {
        const [finding] = detector.detect(anomalous);
        assert.ok(finding);
        const { low, ratio, high, after, n } = finding.effect;
        assert.ok(low <= ratio && ratio <= high, `${low} ${ratio} ${high}`);
        assert.ok(Number.isFinite(high) && after > 0 && n > 0);
        assert.ok(finding.confidence >= 0.5 && finding.confidence < 1, String(finding.confidence));
        assert.deepEqual(JSON.parse(JSON.stringify(finding)), finding);
        const replayed = JSON.parse(JSON.stringify(anomalous)) as typeof anomalous;
        assert.equal(detector.detect(replayed)[0]?.fingerprint, finding.fingerprint);
      });

      it('measures the figure of its finding again', () => {
        const [finding] = detector.detect(anomalous);
        assert.ok(finding);
        const figure = detector.figure(finding, anomalous);
        assert.deepEqual(figure, { value: finding.effect.after, n: finding.effect.n });
        assert.equal(detector.figure(finding, { comparisons: [], handlers: [] }), null);
      });
    });
  }
});
