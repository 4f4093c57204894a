// In a process of its own: bytes that a machine takes beyond the RAM of its guest, after the most code that a benchmark has. `node memory.mjs LAB IMAGE` prints JSON.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , bundle = '', image = ''] = process.argv;
/** @type {import('../targets/target.mjs').Lab} */
const lab = await import(pathToFileURL(bundle).href);
const before = process.memoryUsage().rss;
const { instructions } = lab.runImage(new Uint8Array(readFileSync(image)), 'translator', 'bare');
console.log(JSON.stringify({ bytes: process.memoryUsage().rss - before, instructions }));
