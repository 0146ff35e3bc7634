/** A process of its own that takes the lock, says so and stays. */
import { argv, stdout } from 'node:process';
import { holdLock } from './hold-lock.ts';

const [, , path = ''] = argv;
const lock = holdLock(path);
stdout.write(lock === undefined ? 'refused\n' : 'held\n');
setInterval(() => lock, 60_000);
