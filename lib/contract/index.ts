export * from './annotations';
export * from './config';
export * from './errors';
export * from './files';
export * from './labels';
export * from './metadata-keys';
export * from './names';
export * from './ports';
