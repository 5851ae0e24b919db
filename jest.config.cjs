const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
  ],
};
// The examples import the package by its name, as their readers will.
const moduleNameMapper = {
  '^sublet$': '<rootDir>/lib/index.ts',
  '^sublet/(cdk8s|pulumi)$': '<rootDir>/lib/$1/index.ts',
};
const project = (displayName, testMatch, options = {}) => ({
  displayName,
  testMatch,
  transform,
  moduleNameMapper,
  testEnvironment: 'node',
  ...options,
});

/**
 * Unit tests need nothing but Node. The projects `api` (real API servers, no kubelet) and `node` (a real kubelet) have an
 * embedded host cluster each, which is started once for them.
 */
module.exports = {
  // A test file of the node project has the host to itself: what it measures and counts is its own doing.
  maxWorkers: 1,
  projects: [
    project('unit', ['<rootDir>/test/unit/**/*.test.ts']),
    // The package as npm would publish it, in an empty folder: needs what is built, and no cluster.
    project('package', ['<rootDir>/test/package/**/*.test.ts']),
    project('api', ['<rootDir>/test/api/**/*.test.ts'], {
      globalSetup: '<rootDir>/test/api/support/setup.ts',
      globalTeardown: '<rootDir>/test/api/support/teardown.ts',
    }),
    // What a hostile tenant tries, a test a row of the threat table and one of what stays possible beside it.
    project('attacks', ['<rootDir>/test/attacks/**/*.test.ts'], {
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/attacks/pod-security/'],
      globalSetup: '<rootDir>/test/api/support/setup.ts',
      globalTeardown: '<rootDir>/test/api/support/teardown.ts',
    }),
    // The row that upstream's own code judges: needs that code, which Go fetches and builds the first time, and no cluster.
    project('pod-security', ['<rootDir>/test/attacks/pod-security/**/*.test.ts']),
    // The same hosts with a thousand objects of each kind: too long for every run.
    project('scale', ['<rootDir>/test/scale/**/*.test.ts'], {
      globalSetup: '<rootDir>/test/api/support/setup.ts',
      globalTeardown: '<rootDir>/test/api/support/teardown.ts',
    }),
    // Random and hostile objects against a running syncer, for an hour.
    project('fuzz', ['<rootDir>/test/fuzz/**/*.test.ts'], {
      globalSetup: '<rootDir>/test/api/support/setup.ts',
      globalTeardown: '<rootDir>/test/api/support/teardown.ts',
    }),
    project('node', ['<rootDir>/test/node/**/*.test.ts'], {
      globalSetup: '<rootDir>/test/support/node-setup.ts',
      globalTeardown: '<rootDir>/test/support/node-teardown.ts',
    }),
    project('versions', ['<rootDir>/test/versions/**/*.test.ts']),
  ],
};
