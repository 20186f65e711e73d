import { signal } from '@preact/signals';
import { ApiError, part, requestTagged } from '../hub/rest';
import { Definition, UNKNOWN } from './definition';
import type { DeviceType } from './device-type';

interface Entry {
  definition: Definition;
  etag: string;
  /** Whether the hub has said that it does not exist. */
  isMissing: boolean;
  /** Whether it was asked for since the last refresh. */
  isUsed: boolean;
  loading: Promise<void> | null;
}

/**
 * Definitions of device types, fetched when first used and kept by ETag. Until one has arrived its
 * devices are shown like those of an unknown type.
 */
export class DefinitionStore {
  /** Increments when a definition has changed. */
  readonly version = signal(0);
  private readonly entries = new Map<string, Entry>();

  /** The definition of a type; fetches it if it is not known yet. */
  of(type: string | undefined): Definition {
    if (!type) {
      return UNKNOWN;
    }
    const entry = this.entryOf(type);
    entry.isUsed = true;
    return entry.definition;
  }

  /** Whether the hub has no definition of a type; false until it has answered. */
  isMissing(type: string | undefined): boolean {
    return !type || this.entryOf(type).isMissing;
  }

  /** Waits for the definitions of these types, but not for long: they are not worth an empty screen. */
  async ready(types: Iterable<string | undefined>, withinMs = 1_000): Promise<void> {
    const named = [...new Set(types)].filter((type) => type !== undefined && type !== '') as string[];
    const loading = named.map((type) => this.entryOf(type).loading).filter((one) => one !== null);
    if (loading.length > 0) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([Promise.all(loading), limit]);
      clearTimeout(timer);
    }
  }

  /** Checks whether the definitions used since the last time have changed; a 304 each if not. */
  async refresh(): Promise<void> {
    for (const [type, entry] of this.entries) {
      if (entry.isUsed) {
        entry.isUsed = false;
        await this.load(type, entry);
      }
    }
  }

  /** Fetches a definition anew, for example after it was saved here. */
  async reload(type: string): Promise<void> {
    const entry = this.entryOf(type);
    await entry.loading;
    await this.load(type, entry);
  }

  /** Forgets everything, for example because another user has signed in. */
  clear(): void {
    this.entries.clear();
    this.version.value++;
  }

  private entryOf(type: string): Entry {
    let entry = this.entries.get(type);
    if (!entry) {
      entry = { definition: UNKNOWN, etag: '', isMissing: false, isUsed: true, loading: null };
      this.entries.set(type, entry);
      void this.load(type, entry);
    }
    return entry;
  }

  private load(type: string, entry: Entry): Promise<void> {
    entry.loading ??= this.fetch(type, entry).finally(() => {
      entry.loading = null;
    });
    return entry.loading;
  }

  private async fetch(type: string, entry: Entry): Promise<void> {
    try {
      const answer = await requestTagged<DeviceType>(`/types/${part(type)}`, {}, entry.etag);
      if (answer) {
        this.put(entry, new Definition(answer.body), answer.etag);
      }
    } catch (fault) {
      // Any other failure leaves the known definition in place; the next refresh asks again.
      if (fault instanceof ApiError && fault.status === 404 && !entry.isMissing) {
        this.put(entry, UNKNOWN, '');
      }
    }
  }

  private put(entry: Entry, definition: Definition, etag: string): void {
    entry.definition = definition;
    entry.isMissing = definition === UNKNOWN;
    entry.etag = etag;
    this.version.value++;
  }
}
