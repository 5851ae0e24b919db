import type * as spec from '../spec';
import { persistenceFactory, storeFactory } from '../spec/store';
import type { Text } from './lazy-values';

/** Where the virtual cluster keeps its objects, told apart by `kind`. */
export type Store = spec.Store<Text>;

/** Makes {@link Store} values: `Store.sqlite({ persistence: Persistence.ephemeral() })`. */
export const Store = storeFactory<Text>();

/** Where the store keeps its file. */
export type Persistence = spec.Persistence<Text>;

/** Makes {@link Persistence} values: `Persistence.volumeClaim({ storageClass: 'fast' })`. */
export const Persistence = persistenceFactory<Text>();
