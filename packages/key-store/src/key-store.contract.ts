/**
 * What every engine of `KeyStore` must do, as a suite: `describeKeyStore(name, openStore)`.
 *
 * One store serves the whole suite; each test works in records of its own, so the suite also runs
 * against a database that others use.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { describeAdapterLives } from './contract/adapter-lives.contract.ts';
import { describeApiKeys } from './contract/api-keys.contract.ts';
import { describeCertificatesByName } from './contract/certificates-by-name.contract.ts';
import { describeCheckpoints } from './contract/checkpoints.contract.ts';
import { describeClientAuthorities } from './contract/client-authorities.contract.ts';
import { describeClosing } from './contract/closing.contract.ts';
import { createContractContext } from './contract/context.ts';
import { describeCredentials } from './contract/credentials.contract.ts';
import { describeEventLog } from './contract/event-log.contract.ts';
import { describeEventSearch } from './contract/event-search.contract.ts';
import { describeHierarchy } from './contract/hierarchy.contract.ts';
import { describeLocate } from './contract/locate.contract.ts';
import { describeObjectHistory } from './contract/object-history.contract.ts';
import { describeObjects } from './contract/objects.contract.ts';
import { describeQueuedRequests } from './contract/queued-requests.contract.ts';
import { describeRefusedCertificates } from './contract/refused-certificates.contract.ts';
import { describeRootKeys } from './contract/root-keys.contract.ts';
import { describeSettings } from './contract/settings.contract.ts';
import { describeUnitsOfWork } from './contract/units-of-work.contract.ts';
import type { KeyStore } from './store.ts';

/** @param openStore - Opens a new, empty store; called a few times, and each store is closed again. */
export function describeKeyStore(name: string, openStore: () => Promise<KeyStore>): void {
  describe(name, () => {
    let store: KeyStore;
    beforeAll(async () => {
      store = await openStore();
    });
    afterAll(() => store.close());

    const context = createContractContext(openStore, () => store);
    describeObjects(context);
    describeLocate(context);
    describeHierarchy(context);
    describeObjectHistory(context);
    describeAdapterLives(context);
    describeCertificatesByName(context);
    describeClientAuthorities(context);
    describeCredentials(context);
    describeRefusedCertificates(context);
    describeRootKeys(context);
    describeApiKeys(context);
    describeUnitsOfWork(context);
    describeEventLog(context);
    describeCheckpoints(context);
    describeEventSearch(context);
    describeQueuedRequests(context);
    describeSettings(context);
    describeClosing(context);
  });
}
