/** Imports go one way: main > daemon > adapters > flow > domain > lib (ARCHITECTURE.md). */
const adapters = 'smpp|diameter|redis|queue|mail|noc|outbox|words|hashing|webhook';
const home = (name, library, folders) => ({
  name,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(${folders})` },
  to: { path: `(^|/)node_modules/${library}/` },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-core',
      severity: 'error',
      from: { path: '^src/(lib|domain)/' },
      // The numbering plans are a table without IO (docs/adr/0033).
      to: { pathNot: '^src/(lib|domain)/|(^|/)node_modules/libphonenumber-js/' },
    },
    { name: 'lib-below-domain', severity: 'error', from: { path: '^src/lib/' }, to: { path: '^src/domain/' } },
    {
      name: 'flow-uses-ports',
      severity: 'error',
      from: { path: '^src/flow/' },
      to: { pathNot: '^src/(flow|domain|lib)/' },
    },
    {
      name: 'ports-below-flows',
      severity: 'error',
      from: { path: '^src/flow/ports/' },
      to: { path: '^src/flow/', pathNot: '^src/flow/ports/' },
    },
    {
      name: 'adapters-are-strangers',
      severity: 'error',
      from: { path: `^src/(${adapters})/` },
      to: { path: `^src/(${adapters}|config|cli|launcher)/`, pathNot: '^src/$1/' },
    },
    {
      name: 'nobody-imports-the-roots',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main\\.ts|daemon/)' },
      to: { path: '^src/(main\\.ts|daemon/)' },
    },
    { name: 'src-not-to-test', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|simulators)/' } },
    { name: 'simulators-stand-alone', severity: 'error', from: { path: '^simulators/' }, to: { path: '^(src|test)/' } },
    home('one-home-smpp', 'smpp', 'smpp/codec'),
    home('one-home-diameter', 'diameter', 'diameter/(codec|dictionary)'),
    home('one-home-ioredis', 'ioredis', 'redis/'),
    home('one-home-bullmq', 'bullmq', 'queue/'),
    home('one-home-zod', 'zod', 'config/'),
    home('one-home-libphonenumber', 'libphonenumber-js', 'domain/msisdn'),
    home('one-home-nodemailer', 'nodemailer', 'mail/'),
    home('one-home-fastify', 'fastify', 'noc/'),
    {
      name: 'published-without-dev-dependencies',
      severity: 'error',
      from: { path: '^(src|simulators)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      // The NOC serves the chart library from node_modules under this path of its own.
      to: { couldNotResolve: true, pathNot: '^\\./vendor/echarts\\.mjs$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
