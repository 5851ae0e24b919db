export * from './address-range';
export * from './allowances';
export * from './isolation-policies';
export * from './never-reached';
export * from './port-range';
