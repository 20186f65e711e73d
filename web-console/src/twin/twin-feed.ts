import { signal } from '@preact/signals';
import { ask, calledOff, part } from '../hub/rest';
import type { Json, LiveEvent, Twin, TwinHistory, TwinRevision } from '../hub/shapes';
import type { Live } from '../live/live';
import type { Following } from '../live/subscriptions';

const PAGE = 20;
const MOST = 200;

/** A device's twin, live, and the changes that made it. */
export class TwinFeed {
  readonly twin = signal<Twin | null>(null);
  readonly fault = signal<unknown>(null);
  readonly history = signal<TwinRevision[] | null>(null);
  readonly historyFault = signal<unknown>(null);
  readonly hasOlder = signal(false);

  private readonly path: string;
  private readonly following: Following;
  private readonly closing = new AbortController();
  private shown = PAGE;

  constructor(id: string, live: Live) {
    this.path = `/devices/${part(id)}/twin`;
    this.following = live.follow(
      { topics: ['twin'], devices: [id] },
      { readState: () => void this.read(), event: (event) => this.take(event) },
    );
  }

  close(): void {
    this.following.close();
    this.closing.abort();
  }

  async read(): Promise<void> {
    try {
      this.meet(await ask<Twin>(this.path, { signal: this.closing.signal }));
      this.fault.value = null;
    } catch (fault) {
      if (!calledOff(fault)) {
        this.fault.value = fault;
      }
    }
    await this.readHistory();
  }

  async readHistory(): Promise<void> {
    try {
      const query = { limit: this.shown };
      const page = await ask<TwinHistory>(`${this.path}/history`, { query, signal: this.closing.signal });
      this.history.value = page.items;
      this.hasOlder.value = page.next !== null && this.shown < MOST;
      this.historyFault.value = null;
    } catch (fault) {
      if (!calledOff(fault)) {
        this.historyFault.value = fault;
      }
    }
  }

  async readOlder(): Promise<void> {
    this.shown = Math.min(MOST, this.shown + PAGE);
    await this.readHistory();
  }

  /**
   * Changes what is wanted of the device, if that is still as in the twin seen.
   *
   * @throws Refusal (412 if somebody else has changed it since), Unreachable
   */
  async change(patch: Json, seen: Twin): Promise<void> {
    const tag = `"${seen.desired.version}-${seen.reported.version}"`;
    const wish = { method: 'PATCH', body: patch, headers: { 'If-Match': tag } };
    this.meet(await ask<Twin>(`${this.path}/desired`, wish));
    await this.readHistory();
  }

  private take(event: LiveEvent): void {
    if (event.type === 'twin') {
      this.meet(event.twin);
      void this.readHistory();
    }
  }

  /** Takes what is newer: what was on its way while an event came may be older. */
  private meet(twin: Twin): void {
    const known = this.twin.value;
    const versions = ({ desired, reported }: Twin) => desired.version + reported.version;
    if (!known || versions(twin) >= versions(known)) {
      this.twin.value = twin;
    }
  }
}
