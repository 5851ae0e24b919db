export * from './fake-node';
export * from './fake-node-status';
export * from './node-service';
export * from './types';
export * from './usage';
