/** A path with a namespace: what is before it, the namespace, and the resource. */
export const NAMESPACED = /^(.*)\/namespaces\/([^/]+)(\/[^/]+)$/;

/** A bookmark has no namespace and is for all. */
export function namespaceFilter({ pathname }: URL): (object: object) => boolean {
  const namespace = NAMESPACED.exec(pathname)?.[2];
  return (object) => {
    const metadata: unknown = 'metadata' in object ? object.metadata : undefined;
    const isOther = typeof metadata === 'object' && metadata !== null && 'namespace' in metadata;
    return namespace === undefined || !isOther || metadata.namespace === namespace;
  };
}

/** By a label and its value, or by a label. */
export function labelFilter({ searchParams }: URL): (object: object) => boolean {
  const [label = '', value] = (searchParams.get('labelSelector') ?? '').split('=');
  if (label === '') return () => true;
  return (object) => {
    const found = labelOf(object, label);
    return value === undefined ? found !== undefined : found === value;
  };
}

function labelOf(item: object, label: string): unknown {
  const metadata: unknown = 'metadata' in item ? item.metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('labels' in metadata)) return undefined;
  return Object.entries(metadata.labels ?? {}).find(([name]) => name === label)?.[1];
}
