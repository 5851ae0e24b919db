export * from './node-loss';
export * from './scrub-message';
export * from './translate';
export * from './types';
