import { describeKeyStore } from './key-store.contract.ts';
import { createMemoryKeyStore } from './memory-key-store.ts';

describeKeyStore('the store in memory', async () => createMemoryKeyStore());
