import type { DeviceQuery } from '../app/router';

export function DeviceScreen({ id }: { id: string; query: DeviceQuery }) {
  return <h1>{id}</h1>;
}
