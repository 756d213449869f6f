import type { Anomaly, Evidence, Finding } from '../model/anomaly.ts';
import type { Cause, Diagnosis } from '../model/diagnosis.ts';
import type { Fix, GateStatus, Verdict } from '../model/fix.ts';
import type { Trust } from '../model/ledger.ts';
import { change, figure } from './figures.ts';
import { code, plainText, prose, table } from './markdown.ts';

/** All that a reviewer is told; `verdict` is null for a fix that was not validated. */
export interface DeliveryInput {
  readonly fix: Fix;
  readonly verdict: Verdict | null;
  readonly anomaly: Finding | Anomaly;
  readonly diagnosis: Diagnosis;
  /** Of the recipe. */
  readonly trust?: Trust;
}

const mostEvidence = 8;
const longestTitle = 72;

/** Title (plain) and body (Markdown) of a pull request; nothing in them that telemetry or a tool said is markup. */
export function pullRequestText(input: DeliveryInput): { readonly title: string; readonly body: string } {
  assertTogether(input);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['What production shows', production(input.anomaly)],
    ['Cause', cause(input.diagnosis)],
    ['What changes', changes(input.fix)],
    ['Evidence from a scratch copy', proof(input.verdict)],
    ['What is not proven', unproven(input)],
  ];
  const body = sections.flatMap(([head, blocks]) => [`## ${head}`, ...blocks]);
  return {
    title: plainText(input.fix.title, longestTitle),
    body: `${[...body, '---', origin(input)].join('\n\n')}\n`,
  };
}

/** Message of the one commit of a branch: title, the finding, the gates, and trailers to find it again by. */
export function commitMessage(input: DeliveryInput): string {
  assertTogether(input);
  const { fix, verdict, anomaly } = input;
  const gates = (verdict?.gates ?? []).map(({ id, status }) => `${plainText(id)} ${status}`).join(', ');
  const trailers = [
    `Suture-Anomaly: ${plainText(fix.fingerprint)}`,
    `Suture-Detector: ${plainText(anomaly.detector)}`,
    `Suture-Recipe: ${plainText(fix.recipe)}`,
    `Suture-Verdict: ${verdict?.status ?? 'not validated'}${gates === '' ? '' : ` (${gates})`}`,
  ];
  const parts = [plainText(fix.title, longestTitle), ...[anomaly.message, fix.summary].map(wrapped)];
  return `${[...parts.filter((part) => part !== ''), trailers.join('\n')].join('\n\n')}\n`;
}

function assertTogether({ fix, verdict, anomaly, diagnosis }: DeliveryInput): void {
  const prints = new Set([fix.fingerprint, anomaly.fingerprint, diagnosis.fingerprint]);
  if (prints.size > 1 || (verdict !== null && verdict.fixId !== fix.id))
    throw new Error(`fix ${fix.id} with the anomaly, diagnosis or verdict of another`);
}

function production(anomaly: Finding): readonly string[] {
  const { effect, operation, handlerId } = anomaly;
  const where = [
    ...(operation ? [`Operation ${code(operation.name)} of ${code(operation.service)}`] : []),
    ...(handlerId === undefined ? [] : [`handler ${code(handlerId)}`]),
    `release ${code(anomaly.release)} against ${anomaly.baselineRelease === null ? 'nothing earlier' : code(anomaly.baselineRelease)}`,
  ];
  const before = effect.before === null ? 'none' : figure(effect.before, effect.unit);
  const row = [
    prose(effect.measure),
    before,
    figure(effect.after, effect.unit),
    change(effect),
    `${effect.nBefore} before, ${effect.n} now`,
  ];
  return [
    prose(anomaly.message),
    table(['Measure', 'Before', 'Now', 'Change, 95 % interval', 'n'], [row]),
    sentence(where.join(', ')),
    ...list(anomaly.evidence),
  ];
}

function cause(diagnosis: Diagnosis): readonly string[] {
  const [leading, ...others] = diagnosis.causes;
  if (leading === undefined)
    return [`Not known${diagnosis.why === undefined ? '' : `: ${prose(diagnosis.why)}`}.`];
  const also = others.map((other) => `- ${prose(other.message)}${at(other)}`);
  return [
    `${prose(leading.message)}${at(leading)}`,
    ...list(leading.evidence),
    ...(also.length === 0 ? [] : ['Less likely:', also.slice(0, mostEvidence).join('\n')]),
  ];
}

const at = ({ site }: Cause): string =>
  site === undefined ? '' : ` (${code(`${site.file}:${site.start.line}`)} in ${code(site.symbol)})`;

function changes(fix: Fix): readonly string[] {
  const parts = { code: 'code', test: 'test', docs: 'docs' } as const;
  return [
    prose(fix.summary, 2_000),
    fix.edits
      .map(
        ({ file, part, sha256Before }) =>
          `- ${parts[part]}: ${code(file)}${sha256Before === null ? ' (new)' : ''}`,
      )
      .join('\n'),
    ...(fix.notes.length === 0 ? [] : [fix.notes.map((note) => `- ${prose(note)}`).join('\n')]),
  ];
}

const words: Readonly<Record<GateStatus, string>> = {
  passed: 'passed',
  failed: '**failed**',
  inconclusive: '**inconclusive**',
  skipped: 'skipped',
};

function proof(verdict: Verdict | null): readonly string[] {
  if (verdict === null) return ['**This fix was not validated.** Nothing was run.'];
  const rows = verdict.gates.map(({ id, status, evidence }) => [
    code(id),
    words[status],
    prose(evidence, 600),
  ]);
  const said = {
    passed: 'All required gates passed.',
    failed: '**At least one gate failed.**',
    inconclusive: '**Inconclusive: not everything could be run, which is not a pass.**',
  }[verdict.status];
  return [
    `${said} Isolation of the runs: ${prose(verdict.isolation)}. Took ${figure(verdict.seconds, 'count')} s.`,
    ...(rows.length === 0 ? [] : [table(['Gate', 'Result', 'Evidence'], rows)]),
  ];
}

function unproven({ fix, verdict, trust }: DeliveryInput): readonly string[] {
  const open = (verdict?.gates ?? []).filter(({ status }) => status !== 'passed');
  const replayed = verdict?.gates.some(({ id, status }) => id === 'replay' && status === 'passed') ?? false;
  const lines = [
    ...(fix.tier === 'suggestion'
      ? ['The fix changes what is answered; whether that answer is wanted is for the reviewer to say.']
      : []),
    ...open.map(({ id, status }) => `Gate ${code(id)} is ${status}.`),
    'Passing tests show what they test. They do not prove that the change is correct.',
    replayed
      ? 'The replay ran on one machine against recorded requests; production decides.'
      : 'No speed was measured; only production shows an effect.',
    ...(trust === undefined || trust.tried === 0
      ? [`Recipe ${code(fix.recipe)} has no history in this workspace.`]
      : [`Recipe ${code(fix.recipe)} worked ${trust.worked} of ${trust.tried} times in this workspace.`]),
    ...(trust === undefined || trust.refused === 0
      ? []
      : [`Rejections of its fixes here: ${trust.refused}.`]),
  ];
  return [lines.map((line) => `- ${line}`).join('\n')];
}

function origin({ fix, anomaly }: DeliveryInput): string {
  return `Made by Suture: anomaly ${code(fix.fingerprint)}, detector ${code(anomaly.detector)}, recipe ${code(fix.recipe)} (${fix.tier}).`;
}

function list(evidence: readonly Evidence[]): readonly string[] {
  const lines = evidence.slice(0, mostEvidence).map(({ label, detail, file, line, traceId }) => {
    const place = file === undefined ? '' : ` (${code(line === undefined ? file : `${file}:${line}`)})`;
    const trace = traceId === undefined ? '' : `, trace ${code(traceId)}`;
    return `- ${prose(label)}${detail === undefined ? '' : `: ${prose(detail)}`}${place}${trace}`;
  });
  const more = evidence.length - lines.length;
  if (more > 0) lines.push(`- and ${more} more`);
  return lines.length === 0 ? [] : [lines.join('\n')];
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

/** Plain text in lines of at most 72 characters where its words allow. */
function wrapped(foreign: string): string {
  const lines: string[] = [];
  for (const word of plainText(foreign, 2_000).split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > longestTitle) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
