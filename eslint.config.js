import tseslint from 'typescript-eslint';
import { spreadFirst } from './.ci/lint-spread-first.mjs';

const sizes = {
  'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
  'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
  complexity: ['error', { max: 8, variant: 'modified' }],
  'max-depth': ['error', 2],
  'max-params': ['error', 4],
};

/** The core takes time, randomness and IO as arguments, so nothing in it may reach for them. */
const pure = {
  'no-restricted-globals': [
    'error',
    'process',
    'Buffer',
    'console',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'performance',
    'fetch',
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'time is an argument' },
    { object: 'Math', property: 'random', message: 'randomness is an argument' },
  ],
};

export default tseslint.config(
  {
    ignores: [
      'dist',
      'coverage',
      'var',
      'stubs',
      'node_modules',
      '*.js',
      '{.ci,test}/**/*.mjs',
      '.dependency-cruiser.cjs',
    ],
  },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...sizes,
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/noc/web/**', 'simulators/handset/web/**'],
    languageOptions: { parserOptions: { projectService: false, project: 'tsconfig.web.json' } },
  },
  { files: ['src/lib/**', 'src/domain/**'], rules: pure },
  {
    // The rooms that an order goes through.
    files: ['src/{domain,flow,redis,smpp,diameter,outbox}/**'],
    // The order of keys is part of what is hashed and signed; the stores are put together once.
    ignores: ['src/{domain,outbox}/evidence/**', 'src/redis/stores.ts'],
    plugins: { orderd: { rules: { 'spread-first': spreadFirst } } },
    rules: { 'orderd/spread-first': 'error' },
  },
  {
    files: ['test/**'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': ['error', 400],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
