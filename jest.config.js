/** Tests run as ES modules (see the `test` script), compiled by swc; types are checked by `npm run check`. */
export default {
  testEnvironment: '<rootDir>/test/setup/environment.js',
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/setup/global-setup.js',
  globalTeardown: '<rootDir>/test/setup/global-teardown.js',
  maxWorkers: 2,
  // What a test file has loaded stays in its worker's memory: without this it grew to 4 GB, all that V8 takes, and the last files ran thirty times slower.
  workerIdleMemoryLimit: '1GB',
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // What hangs fails by what it waits for (see `waitFor`), which says more: this is for machines that are slow or busy.
  testTimeout: 400_000,
};
