// The arrows of the house: ui → (HTTP) api → desk → db, ingest → desk, analytics → db. Within desk a folder knows
// only the folders before it, and outsiders come in by its index.ts. Nothing imports in a circle.
const deskOrder = `
  activity expression people auth services ruleset calendar sla oncall notify escalation category form routing draft presence reminder similar
  ticket worklog major review tag canned import assignment queue view forecast supervision catalogue approval knowledge conversation
  event lookup maintenance change alert bulk correlation macro replay retention trigger webhook automation survey
`
  .trim()
  .split(/\s+/)

const mayImport = {
  db: [],
  desk: ['db'],
  ingest: ['desk', 'db'],
  analytics: ['db'],
  api: ['desk', 'db'],
  ui: [],
  scripts: ['db', 'desk'],
}
const packages = Object.keys(mayImport)

const arrows = packages.map((name) => ({
  name: `arrow-${name}`,
  comment: `${name} may import ${[name, ...mayImport[name]].join(', ')} and nothing else of ours`,
  severity: 'error',
  from: { path: `^${name}/` },
  to: {
    path: `^(${packages.filter((other) => other !== name && !mayImport[name].includes(other)).join('|')})/`,
  },
}))

const order = deskOrder.slice(0, -1).map((folder, index) => ({
  name: `desk-order-${folder}`,
  comment: `desk/src/${folder} comes before what it imports here`,
  severity: 'error',
  // A test may drive what it tests by what comes later.
  from: { path: `^desk/src/${folder}/`, pathNot: '\\.test\\.ts$' },
  to: { path: `^desk/src/(${deskOrder.slice(index + 1).join('|')})/` },
}))

export default {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    ...arrows,
    ...order,
    {
      name: 'tests-stay-outside',
      comment: 'only tests know tests and their harness',
      severity: 'error',
      from: { path: `^(${packages.join('|')})/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^test/|\\.test\\.ts$' },
    },
    {
      name: 'desk-door',
      comment: "a desk folder's index.ts is its only door",
      severity: 'error',
      from: { path: '^(?!desk/src/[^/]+/)' },
      to: { path: '^desk/src/[^/]+/(?!index\\.ts$)' },
    },
    {
      name: 'desk-door-inside',
      comment: 'between two desk folders too',
      severity: 'error',
      from: { path: '^desk/src/([^/]+)/' },
      to: { path: '^desk/src/[^/]+/(?!index\\.ts$)', pathNot: '^desk/src/$1/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|build|\\.svelte-kit|paraglide)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
