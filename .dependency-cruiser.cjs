/**
 * Who may import whom (the architecture as a checked file). `allowed` lists every legal arrow between rooms; an import that no rule
 * allows fails lint. Tests may reach anything; nobody imports tests.
 */
const room = (name) => `^workers/${name}/`;
const from = (path, ...to) => ({ from: { path, pathNot: '\\.test\\.tsx?$' }, to: { path: to } });
/** Installed packages; those with `exports` maps that the cruiser cannot follow keep the names that they are imported by. */
const packages = 'node_modules|^(monaco-editor|wouter)/';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'nobody-imports-tests', severity: 'error', from: { path: '^(src|workers)/', pathNot: '\\.test\\.tsx?$' }, to: { path: ['^tests/', '\\.test\\.tsx?$'] } },
    { name: 'panels-do-not-know-each-other', severity: 'error', from: { path: '^src/panels/([^/]+)/' }, to: { path: '^src/panels/([^/]+)/', pathNot: '^src/panels/$1/' } },
  ],
  allowedSeverity: 'error',
  allowed: [
    { from: { path: '(\\.test\\.tsx?$|^tests/|^\\.ci/)' }, to: {} },
    from(room('base'), room('base')),
    from(room('isa'), room('isa'), room('base')),
    from(room('trace'), room('trace'), room('isa'), room('base')),
    from(room('machine'), room('machine'), room('isa'), room('base'), '^workers/trace/probe\\.ts$', '^workers/trace/(events|steps|engine-work|devices)\\.ts$'),
    from(room('engine'), room('engine'), room('machine'), room('isa'), room('base'), '^workers/trace/(probe|engine-work)\\.ts$'),
    from(room('vmm'), room('vmm'), room('machine'), room('isa'), room('base'), '^workers/trace/probe\\.ts$', '^workers/trace/(events|steps|devices)\\.ts$'),
    from(room('lab'), room('(lab|vmm|engine|machine|trace|isa|base|protocol)')),
    from(room('protocol'), room('protocol'), room('isa'), room('base'), '^workers/trace/(events|steps|engine-work|devices)\\.ts$'),
    from('^workers/lab\\.worker\\.ts$', room('(lab|protocol)'), packages),
    from(room('cli'), room('(cli|lab|protocol|isa|base)'), '^(node:)?[a-z/]+$'),
    from('^src/', '^src/', '^workers/(protocol|isa|base)/', '^workers/lab\\.worker\\.ts$', '^workers/vmm/.*\\?raw$', packages),
  ],
  options: {
    doNotFollow: { path: packages },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.app.json' },
    exclude: { path: '\\.(css|mdx|s)$' },
  },
};
