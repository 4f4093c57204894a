/** The long campaigns find what they are for: a VMM that makes a mistake. Long forms: `npm run fuzz -- --guests N`, `--hostile N`. */
import { expect, test } from 'vitest';
import { runGuests, runHostile } from './campaigns.ts';

test('random kernels show no difference between the bare machine and the regimes, and one with a VMM that turns sret always to the user', () => {
  const said: string[] = [];
  const say = (line: string): void => { said.push(line); };
  expect(runGuests({ count: 4, seed: 1, say })).toBe(0);
  expect(said.join('\n')).toContain('4 of 4');
  expect(runGuests({ count: 4, seed: 1, bugs: ['sret-to-user'], say })).toBe(1);
  const report = said.slice(said.findIndex((line) => line.startsWith('Seed')));
  expect(report[0]).toMatch(/^Seed \d+, beginning in [sm]: bare and trap and emulate, lazy differ\.$/);
  expect(report.filter((line) => /^ {4}(bare|trap and emulate, lazy) ends at/.test(line)), 'both contexts').toHaveLength(2);
  expect(report.at(-1)).toMatch(/^Again: npm run fuzz -- --guests [12] --seed \d+$/);
}, 60_000);

test('hostile guests break nothing, and with a VMM that lets pages be written before they are dirty the first exit that is wrong is found', () => {
  const said: string[] = [];
  const say = (line: string): void => { said.push(line); };
  expect(runHostile({ count: 4_000, seed: 1, say })).toBe(0);
  expect(runHostile({ count: 50_000, seed: 1, bugs: ['writable-before-dirty'], say })).toBe(1);
  expect(said.find((line) => line.startsWith('Seed'))).toMatch(/^Seed \d+ \([\w-]+, beginning in [sm]\): .*rule S3: /);
}, 60_000);
