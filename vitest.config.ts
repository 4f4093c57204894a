import { defineConfig } from 'vitest/config';
export default defineConfig({
  test: {
    include: ['workers/**/*.test.ts', 'src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
    environment: 'node',
    // A bound on what hangs, not on what is slow: the machine may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'test-results/unit.json' }]],
  },
});
