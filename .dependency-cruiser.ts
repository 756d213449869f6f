import type { ICruiseOptions, IForbiddenRuleType, IResolveOptions } from 'dependency-cruiser';

// The layers of the house (see src/ARCHITECTURE.md), enforced. `node scripts/layers.ts` runs it.
const stages =
  'ingest|assemble|handlers|tests|sequences|measure|detect|diagnose|repair|validate|deliver|learn|document';

export const layerRules: readonly IForbiddenRuleType[] = [
  {
    name: 'stages-apart',
    comment:
      'Stages never import each other: they meet in core/engine.ts and speak through core/model. Move the shared noun to model/, or pass the value in from the engine.',
    severity: 'error',
    from: { path: `^src/core/(${stages})/` },
    to: { path: `^src/core/(${stages})/`, pathNot: '^src/core/$1/' },
  },
  {
    name: 'stages-below-engine',
    comment: 'The engine joins the stages; a stage that imports the engine could not be run or tested alone.',
    severity: 'error',
    from: { path: `^src/core/(model|code|${stages})/` },
    to: { path: '^src/core/engine(\\.ts$|/)' },
  },
  {
    name: 'core-knows-no-face',
    comment:
      'The core runs in the editor, the CLI and tests alike: it asks for what it needs through core/ports.ts.',
    severity: 'error',
    from: { path: '^src/core/' },
    to: { path: '^(src/(vscode|cli)/|vscode$)' },
  },
  {
    name: 'faces-apart',
    comment: 'The editor and the CLI are two faces of one engine. What both need belongs to the core.',
    severity: 'error',
    from: { path: '^src/(vscode|cli)/' },
    to: { path: '^src/(vscode|cli)/', pathNot: '^src/$1/' },
  },
  {
    name: 'only-vscode-imports-vscode',
    comment:
      'The editor API exists only inside the editor: keep it in src/vscode, hand plain data to everything else.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/vscode/' },
    to: { path: '^vscode$|^node_modules/@types/vscode/' },
  },
  {
    name: 'only-code-parses',
    comment:
      'Parsing lives in core/code behind neutral facts, so that 20 MB of compiler load once, lazily, in one place.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/core/code/' },
    to: { path: 'node_modules/(ts-morph|@ts-morph|typescript)/' },
  },
  {
    name: 'model-is-nouns',
    comment: 'The model is plain data that everything may import, so it imports nothing but itself.',
    severity: 'error',
    from: { path: '^src/core/model/' },
    to: { pathNot: '^src/core/model/' },
  },
  {
    name: 'code-below-stages',
    comment: 'core/code turns text into facts and knows no stage; stages may read its facts.',
    severity: 'error',
    from: { path: '^src/core/code/' },
    to: { path: `^src/core/(${stages})/` },
  },
  {
    name: 'io-at-the-edges',
    comment:
      'Everything in the core is a pure function except ingest/sources, measure/store, validate/workspace and deliver/git: only they touch files, processes, threads and sockets.',
    severity: 'error',
    from: {
      path: '^src/core/',
      pathNot: '^src/core/(ingest/sources|measure/store|validate/workspace|deliver/git)',
    },
    to: {
      dependencyTypes: ['core'],
      path: '^(node:)?(fs|fs/promises|child_process|net|http|https|http2|dgram|tls|worker_threads|sqlite|cluster)$',
    },
  },
  {
    name: 'no-cycles',
    comment:
      'Modules that import each other in a circle can only be understood all at once. Move what they share into a third. (The reader of a syntax tree and the evaluator of its facts are each one recursion, cut into files by what they read.)',
    severity: 'error',
    from: {
      path: '^src/',
      pathNot: '^src/core/(code/read-|handlers/(builtins|evaluate|invoke|members|modules)[.]ts)',
    },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'resolvable',
    comment: 'An import that cannot be resolved hides its target from every other rule.',
    severity: 'error',
    from: { path: '^src/' },
    to: { couldNotResolve: true, pathNot: '^vscode$' },
  },
];

export const cruiseOptions: ICruiseOptions = {
  doNotFollow: { path: 'node_modules' },
  tsPreCompilationDeps: true,
};

export const resolveOptions: Partial<IResolveOptions> = {
  exportsFields: ['exports'],
  conditionNames: ['import', 'node', 'types', 'default'],
};
