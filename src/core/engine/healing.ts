import { branchName } from '../deliver/branch-name.ts';
import { commitMessage, pullRequestText } from '../deliver/pull-request.ts';
import { ledgerLine } from '../deliver/ledger.ts';
import { openRepository, type Repository } from '../deliver/git/repository.ts';
import { appendLedger, readSutureFile, writeSuppressions } from '../deliver/git/suture-files.ts';
import { withSuppression } from '../deliver/suppressions.ts';
import { orderByTrust, outcomesOf, trustOf } from '../learn/learn.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { Fix, Verdict } from '../model/fix.ts';
import type {
  Delivery,
  Detection,
  Explanation,
  FixAnswer,
  Judged,
  Learned,
  Offer,
} from '../model/healing.ts';
import { HumanError } from '../model/human-error.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import type { AnomalyWatch } from './detection.ts';
import type { Diagnoser } from './diagnoser.ts';
import { makeFix, type FixMakerOptions } from './fix-maker.ts';
import { learned } from './learned.ts';
import type { Proving, ProvingRun } from './proving.ts';

/** From an anomaly to a fix that a person has looked at; every step is on a person's wish but `detect`. */
export interface Healing {
  readonly detect: () => Promise<Detection>;
  /** The last answer of `detect`. */
  readonly detection: () => Detection;
  readonly explain: (fingerprint: string) => Promise<Explanation>;
  /** Makes a fix; `mayRun`: recipes may run tests of the workspace in a copy (a trusted workspace only). Records the offer. */
  readonly fix: (
    fingerprint: string,
    options: { readonly mayRun: boolean; readonly signal?: AbortSignal },
  ) => Promise<FixAnswer>;
  /** Proves a fix that `fix` made, in a scratch copy: runs code of the workspace. */
  readonly validate: (fixId: string, options: ProvingRun) => Promise<Verdict>;
  /** Throws a HumanError where no branch could be made, before anybody waits for a verdict. */
  readonly requireRepository: () => Promise<void>;
  /** A branch with one commit; only for a fix with a passed verdict. */
  readonly deliver: (fixId: string) => Promise<Delivery>;
  /** Records that a person applied or rejected a fix. */
  readonly decide: (decision: {
    readonly fixId: string;
    readonly decision: 'applied' | 'rejected';
    readonly reason?: string;
  }) => Promise<void>;
  readonly suppress: (suppression: {
    readonly fingerprint: string;
    readonly reason: string;
    /** `YYYY-MM-DD`; absent: for good. */
    readonly until?: string;
  }) => Promise<void>;
  /** What became of decided fixes; writes new outcomes to the ledger. */
  readonly learn: () => Promise<Learned>;
}

export interface HealingOptions {
  readonly root: string;
  readonly watch: AnomalyWatch;
  readonly diagnose: Diagnoser;
  readonly fixes: Omit<FixMakerOptions, 'order'>;
  readonly proving: Proving;
  readonly now: () => number;
  /** Called with what detection says after suppressions or the ledger changed. */
  readonly onChange: (detection: Detection) => void;
}

export function createHealing(options: HealingOptions): Healing {
  const { root, watch, diagnose, fixes, proving, now } = options;
  const offers = new Map<string, Offer>();
  const verdicts = new Map<string, Judged>();

  const anomalyOf = (fingerprint: string): Anomaly => {
    const found = watch.find(fingerprint);
    if (found === undefined)
      throw new HumanError(`There is no anomaly ${fingerprint} in the telemetry read.`);
    return found;
  };
  const offerOf = (fixId: string): Offer => {
    const offer = offers.get(fixId);
    if (offer === undefined) throw new HumanError('This fix is not known any more; ask for it again.');
    return offer;
  };
  const common = ({ fingerprint, detector }: Anomaly) => ({
    at: new Date(now()).toISOString(),
    fingerprint,
    detector,
    release: watch.epochs().at(-1)?.release ?? 'unversioned',
  });
  const append = async (entries: readonly LedgerEntry[]): Promise<void> => {
    await appendLedger(root, entries.map(ledgerLine));
    options.onChange(await watch.detect());
  };
  const record = async (entry: LedgerEntry): Promise<void> => {
    await append([entry]);
  };

  const repositoryHere = async (): Promise<Repository> => {
    const opened = await openRepository(root);
    if (opened.k === 'none') throw new HumanError(`A branch needs git: ${opened.reason}`);
    return opened.repository;
  };

  const explain = async (fingerprint: string): Promise<Explanation> => {
    const anomaly = anomalyOf(fingerprint);
    return { anomaly, diagnosis: await diagnose(anomaly) };
  };

  return {
    detect: watch.detect,
    detection: watch.last,
    explain,
    async fix(fingerprint, { mayRun, signal }) {
      const { anomaly, diagnosis } = await explain(fingerprint);
      const trust = trustOf(watch.ledger());
      const { handler, comparison } = diagnose.context(anomaly);
      const made = await makeFix(
        anomaly,
        diagnosis,
        handler,
        comparison,
        { ...fixes, order: (recipes) => orderByTrust(recipes, trust) },
        mayRun ? proving.observe(signal) : undefined,
      );
      if (made.k === 'no-fix') return { k: 'no-fix', anomaly, diagnosis, reasons: made.reasons };
      const { fix } = made;
      const offer: Offer = {
        k: 'offer',
        anomaly,
        diagnosis,
        fix,
        trust: trust.find(({ subject }) => subject.k === 'recipe' && subject.id === fix.recipe) ?? null,
      };
      const known = offers.has(fix.id) || wasOffered(watch.ledger(), fix);
      offers.set(fix.id, offer);
      if (!known) await record({ ...common(anomaly), event: 'offer', recipe: fix.recipe, fixId: fix.id });
      return offer;
    },
    async validate(fixId, run) {
      const offer = offerOf(fixId);
      const { fix, anomaly } = offer;
      const verdict = await proving.judge(fix, run);
      verdicts.set(fixId, { offer, verdict });
      const gates = verdict.gates.map(({ id, status }) => ({ id, status }));
      const { status } = verdict;
      await record({ ...common(anomaly), event: 'verdict', recipe: fix.recipe, fixId, status, gates });
      return verdict;
    },
    async requireRepository() {
      await repositoryHere();
    },
    async deliver(fixId) {
      const judged = verdicts.get(fixId);
      if (judged?.verdict.status !== 'passed') {
        throw new HumanError('Only a fix that passed every gate is delivered; validate it first.');
      }
      const repository = await repositoryHere();
      const { fix, anomaly, diagnosis, trust } = judged.offer;
      const described = { fix, anomaly, diagnosis, verdict: judged.verdict, ...(trust && { trust }) };
      const { branch, commit, leftOut } = await repository.createBranch({
        edits: fix.edits,
        branch: branchName(fix),
        message: commitMessage(described),
      });
      await record({
        ...common(anomaly),
        event: 'decision',
        decision: 'branched',
        recipe: fix.recipe,
        fixId,
        branch,
        effect: anomaly.effect,
      });
      return { branch, commit, leftOut, pullRequest: pullRequestText(described) };
    },
    async decide({ fixId, decision, reason }) {
      const { fix, anomaly } = offerOf(fixId);
      if (decision === 'applied' && verdicts.get(fixId)?.verdict.status !== 'passed') {
        throw new HumanError('Only a fix that passed every gate is applied; validate it first.');
      }
      await record({
        ...common(anomaly),
        event: 'decision',
        decision,
        recipe: fix.recipe,
        fixId,
        effect: anomaly.effect,
        ...(reason === undefined ? {} : { reason }),
      });
    },
    async suppress({ fingerprint, reason, until }) {
      const anomaly = anomalyOf(fingerprint);
      const entry = { fingerprint, reason, detector: anomaly.detector, ...(until && { until }) };
      const before = await readSutureFile(root, 'suppressions.json');
      await writeSuppressions(root, before, withSuppression(before, entry));
      await record({ ...common(anomaly), event: 'decision', decision: 'suppressed', reason });
    },
    async learn() {
      const fresh = outcomesOf(watch.ledger(), watch.outcomeEpochs(), new Date(now()).toISOString());
      if (fresh.length > 0) {
        await append(fresh);
      }
      return learned(watch.ledger(), watch.last().problems);
    },
  };
}

const wasOffered = (ledger: readonly LedgerEntry[], fix: Fix): boolean =>
  ledger.some((entry) => entry.event === 'offer' && entry.fixId === fix.id);
