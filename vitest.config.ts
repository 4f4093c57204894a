import { defineConfig } from 'vitest/config';
export default defineConfig({
  test: {
    include: ['workers/**/*.test.ts', 'src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
    environment: 'node',
    reporters: ['default', ['json', { outputFile: 'test-results/unit.json' }]],
  },
});
