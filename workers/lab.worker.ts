/** The worker's entry: a lab, and the page's calls to it. */
import { expose } from 'comlink';
import { Lab } from './lab/lab.ts';

expose(new Lab());
