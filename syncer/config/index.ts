export * from './changes';
export * from './content';
export * from './translate';
export * from './wanted';
