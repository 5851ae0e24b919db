const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
  ],
};
const project = (displayName, testMatch, options = {}) => ({
  displayName,
  testMatch,
  transform,
  testEnvironment: 'node',
  ...options,
});

/** Unit tests are pure and parallel; the others share the embedded host cluster that test/setup starts once. */
module.exports = {
  projects: [
    project('unit', ['<rootDir>/test/unit/**/*.test.ts']),
    project('api', ['<rootDir>/test/api/**/*.test.ts']),
    project('node', ['<rootDir>/test/node/**/*.test.ts']),
  ],
};
