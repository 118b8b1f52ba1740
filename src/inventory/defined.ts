type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out the properties that are undefined: an optional property is absent, never undefined. */
export const defined = <T extends object>(properties: T): Defined<T> =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as Defined<T>;
