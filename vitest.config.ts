import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Unit and contract tests run on plain Node: no plugin of the app is needed, so none is loaded. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'server/**/*.test.ts'],
    environment: 'node',
    setupFiles: ['scripts/properties.ts'],
    testTimeout: 20_000,
    // One core more than Vitest takes by itself: it leaves one to who watches.
    maxWorkers: availableParallelism(),
    // Loading the same modules anew for each file would be a fifth of the whole; no module of ours keeps
    // what a test could leave behind, and whoever changes the world (time, the environment) puts it back.
    isolate: false,
  },
});
