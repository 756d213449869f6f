import type { ThrowSite } from '../../code/analysis.ts';
import type { Evidence } from '../../model/anomaly.ts';
import type { Cause, CodeSite } from '../../model/diagnosis.ts';
import type { CauseFinder, DiagnoseInput, DiagnosePorts } from '../cause-finder.ts';
import { throwingLineExample } from '../examples/throwing-line.ts';
import { framesOf, sameFunction, type StackFrame } from '../stack.ts';
import { tellingInput, type TellingInput } from '../telling-input.ts';

/** The place of ours where an error came from, and the input that goes with it. */
export const throwingLine: CauseFinder = {
  id: 'throwing-line',
  title: 'A line that throws',
  explains: ['error-burst'],
  async find(input, ports) {
    const { subject } = input.finding;
    if (subject.k !== 'error-group') return [];
    const telling = tellingInput(input.comparison?.now.shape?.attributes ?? []);
    const frame = ownFrame(input, ports);
    const located = frame && {
      ...frame,
      site: await ports.code.throwSiteAt(frame.file, frame.frame, exactMessage(input)),
    };
    const changed = located !== null && located !== undefined && whatChanged(located.frame, located.site);
    const site = changed === false ? located?.site : undefined;
    const changes = site ? await ports.lastChanges(site.statement) : [];
    const evidence: Evidence[] = [
      ...(located ? [placeEvidence(located, changed)] : []),
      ...(telling ? inputEvidence(telling) : []),
      ...exemplarEvidence(input),
      ...changes,
    ];
    if (evidence.length === 0 || (!located && !telling)) return [];
    const detail: Cause['detail'] = {
      k: 'throwing-line',
      type: subject.type,
      ...(site?.subject === undefined ? {} : { subject: site.subject }),
      ...(telling ? { input: { key: telling.key, values: telling.values.map(({ value }) => value) } } : {}),
    };
    return [
      {
        cause: 'throwing-line',
        message: messageOf(subject.type, located?.file, located?.frame, site, changed, telling),
        score: site ? (telling ? 0.95 : 0.85) : telling ? 0.5 : 0.4,
        ...(site ? { site: site.site } : {}),
        evidence,
        detail,
      },
    ];
  },
  example: throwingLineExample,
};

interface OwnFrame {
  readonly file: string;
  readonly frame: StackFrame;
}

/** The innermost frame that is in the workspace. */
function ownFrame({ finding }: DiagnoseInput, ports: DiagnosePorts): OwnFrame | null {
  const stack = finding.subject.k === 'error-group' ? finding.subject.stack : undefined;
  for (const frame of framesOf(stack ?? '')) {
    const file = ports.locate(frame.file);
    if (file !== null) return { file, frame };
  }
  return null;
}

/** The message as thrown where a recorded call or the stack has it: the group's is masked. */
function exactMessage({ finding, comparison }: DiagnoseInput): string {
  const { subject } = finding;
  if (subject.k !== 'error-group') return '';
  const first = subject.stack?.split('\n', 1)[0] ?? '';
  if (first !== '' && !/^\s*at /.test(first)) return first;
  const sample = comparison?.now.shape?.samples.find(({ exception }) => exception?.type === subject.type);
  return sample?.exception?.message ?? subject.message;
}

function whatChanged(frame: StackFrame, site: ThrowSite | null): string | false {
  if (site === null) return 'there is no code on that line now';
  return sameFunction(frame.symbol, site.site.symbol)
    ? false
    : `${site.site.symbol} stands there now, not ${frame.symbol ?? 'the function of the stack'}`;
}

function placeEvidence(
  { file, frame, site }: OwnFrame & { site: ThrowSite | null },
  changed: string | false,
): Evidence {
  if (changed !== false)
    return {
      label: 'The stack names this line, but the file has changed since',
      detail: changed,
      file,
      line: frame.line,
    };
  const origin = site?.origin === undefined ? '' : `${site.subject} = ${oneLine(site.origin)}`;
  return {
    label: site === null ? 'Thrown here' : `Thrown here, in ${site.site.symbol}`,
    ...(origin === '' ? {} : { detail: origin }),
    file,
    line: site?.site.start.line ?? frame.line,
  };
}

function inputEvidence({ key, values, failed, good, allFailed, allGood }: TellingInput): readonly Evidence[] {
  return [
    {
      label: `${failed} of ${allFailed} failed calls have one of these ${key}, and ${good} of ${allGood} good ones`,
      detail: values.map((one) => `${one.value}: ${one.failed} failed, ${one.good} good`).join('; '),
    },
  ];
}

/** A failed trace to look at. */
function exemplarEvidence({ finding, comparison }: DiagnoseInput): readonly Evidence[] {
  const { subject } = finding;
  const group =
    subject.k === 'error-group'
      ? comparison?.now.errorGroups.find(({ key }) => key === subject.groupKey)
      : undefined;
  const traceId = group?.exemplar.traceId;
  return traceId === undefined || traceId === ''
    ? []
    : [{ label: `A failed call of ${group?.count ?? 1}`, traceId }];
}

function messageOf(
  type: string,
  file: string | undefined,
  frame: StackFrame | undefined,
  site: ThrowSite | null | undefined,
  changed: string | false | undefined,
  telling: TellingInput | null,
): string {
  const [first] = telling?.values ?? [];
  const more = (telling?.values.length ?? 0) > 1 ? ` and ${(telling?.values.length ?? 0) - 1} more` : '';
  const when = telling && first ? ` for ${telling.key} ${first.value}${more}` : '';
  if (file === undefined || frame === undefined)
    return `${type} is thrown${when}, at no line of this workspace.`;
  if (changed !== false)
    return `${type} was thrown at ${file}:${frame.line}${when}; the file has changed since.`;
  const what = site ? WHAT[site.kind](site.subject) : 'the line throws';
  const at: CodeSite['start'] = site?.site.start ?? frame;
  return `At ${file}:${at.line} ${what}${when}.`;
}

const WHAT: Readonly<Record<ThrowSite['kind'], (subject?: string) => string>> = {
  throw: () => 'the error is thrown on purpose',
  'member-of-nothing': (subject) => `${named(subject)} is missing and used all the same`,
  'destructured-nothing': (subject) => `${named(subject)} is missing and taken apart all the same`,
  'call-of-no-function': (subject) => `${named(subject)} is called, but is no function`,
  other: (subject) => (subject === undefined ? 'a call fails' : `${named(subject)} is not as expected`),
};

const named = (subject: string | undefined): string =>
  subject === undefined ? 'a value' : `\`${oneLine(subject)}\``;
const oneLine = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
};
