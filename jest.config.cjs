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

/** Unit tests are pure and parallel; the others share the embedded host cluster that test/setup starts once. */
module.exports = {
  projects: [
    project('unit', ['<rootDir>/test/unit/**/*.test.ts']),
    project('api', ['<rootDir>/test/api/**/*.test.ts']),
    project('node', ['<rootDir>/test/node/**/*.test.ts']),
  ],
};
