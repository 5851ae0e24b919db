import type * as pulumi from '@pulumi/pulumi';
import type * as spec from '../spec';
import { persistenceFactory, storeFactory } from '../spec/store';

/** Where the virtual cluster keeps its objects, told apart by `kind`. */
export type Store = spec.Store<pulumi.Input<string>>;

/** Makes {@link Store} values: `Store.sqlite({ persistence: Persistence.ephemeral() })`. */
export const Store = storeFactory<pulumi.Input<string>>();

/** Where the store keeps its file. */
export type Persistence = spec.Persistence<pulumi.Input<string>>;

/** Makes {@link Persistence} values: `Persistence.volumeClaim({ storageClass: fast.metadata.name })`. */
export const Persistence = persistenceFactory<pulumi.Input<string>>();
