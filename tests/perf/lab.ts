/** All of the bench that runs in the engines: one module for Node and for a worker of a browser. */
export { measureExits } from './exits/exits.ts';
export { measureTracing } from './measures/tracing.ts';
export { measureWarmUp } from './measures/warm-up.ts';
export { runImage, runWasm } from './run.ts';
export { BENCHMARKS, imageOf, programImage, runsIn } from './suite.ts';
