import { openStore } from '../../../../src/core/measure/store/open.ts';
import { Ingest, smallRecords } from './ingest.ts';

// Started by sqlite.test.ts and killed at some moment; argv: file of the store, name in the lease.
const records = smallRecords();
const store = openStore(process.argv[2], { now: Date.now, owner: process.argv[3] ?? 'the-only-one' });
const ingest = new Ingest(store, records);
process.stdout.write('begun\n');
while (ingest.step());
process.stdout.write('done\n');
store.close();
