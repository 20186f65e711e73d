import { BEAT_MS, type FromTab, type Port, type ToTab } from './shared-messages';
import type { Wish } from './subscriptions';
import type { Ear, Line, Way } from './way';

/** A worker that does not begin to speak by then does not run. */
const WORKER_WITHIN_MS = 4_000;
const SILENT_MS = 3 * BEAT_MS;
/** After a silence, how long an answer to a probe may take: the tab itself may have been frozen. */
const PROBE_MS = 3_000;
/** A tab that is hidden for so long gives up a line that it does not share. */
const HIDDEN_MS = 20_000;

/**
 * A way on which the tabs of this browser share one line, held by a shared worker. Where there is
 * no such worker a tab has a line of its own, which it gives up while it is hidden.
 *
 * @param dial a port to the worker; null where browsers have none
 * @param key tabs with the same share a line: what the hub tells depends on who asks
 */
export function sharedWay(own: Way, dial: () => Port | null, key: () => string): Way {
  return {
    name: own.name,
    open: (wishes, ear) => {
      const port = dialled(dial);
      return port ? new SharedLine(own, port, wishes, ear, key()) : new OwnLine(own, wishes, ear);
    },
  };
}

function dialled(dial: () => Port | null): Port | null {
  try {
    return dial();
  } catch {
    return null;
  }
}

/** This tab's part of a line that the worker holds. */
class SharedLine implements Line {
  private own: Line | null = null;
  private isHeard = false;
  private isProbing = false;
  private carries = false;
  private lastHeard = Date.now();
  private readonly beat: ReturnType<typeof setInterval>;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly way: Way,
    private readonly port: Port,
    private readonly wishes: () => Wish[],
    private readonly ear: Ear,
    key: string,
  ) {
    port.onmessage = (message) => this.heard(message.data as ToTab);
    this.say({ say: 'open', way: way.name, key });
    this.timer = setTimeout(() => this.goAlone(), WORKER_WITHIN_MS);
    this.beat = setInterval(() => this.look(), BEAT_MS);
    window.addEventListener('pagehide', this.hides);
    window.addEventListener('pageshow', this.returns);
  }

  carry(): void {
    if (this.own) {
      this.own.carry();
    } else {
      this.say({ say: 'wishes', wishes: this.wishes() });
    }
  }

  probe(): void {
    if (this.own) {
      this.own.probe();
    } else {
      this.expectAnswer();
    }
  }

  close(): void {
    this.hangUp();
    this.own?.close();
  }

  private hangUp(): void {
    clearTimeout(this.timer);
    clearInterval(this.beat);
    window.removeEventListener('pagehide', this.hides);
    window.removeEventListener('pageshow', this.returns);
    this.port.onmessage = null;
    this.say({ say: 'close' });
    this.port.close();
  }

  private readonly hides = (): void => this.say({ say: 'close' });

  /** Out of the browser's cache of pages left: the worker was told that this one is gone. */
  private readonly returns = (event: PageTransitionEvent): void => {
    if (event.persisted) {
      this.end(null, false);
    }
  };

  private say(message: FromTab): void {
    this.port.postMessage(message);
  }

  private goAlone(): void {
    this.hangUp();
    this.own = new OwnLine(this.way, this.wishes, this.ear);
  }

  private look(): void {
    this.say({ say: 'beat' });
    if (this.isHeard && !this.isProbing && Date.now() - this.lastHeard > SILENT_MS) {
      this.expectAnswer();
    }
  }

  /** The worker dies with the process that it runs in, and nobody is told. */
  private expectAnswer(): void {
    this.isProbing = true;
    this.say({ say: 'probe' });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(this.carries ? this.lastHeard : null, false), PROBE_MS);
  }

  private heard(message: ToTab): void {
    this.lastHeard = Date.now();
    this.isHeard = true;
    this.isProbing = false;
    clearTimeout(this.timer);
    switch (message.say) {
      case 'carries':
        if (!this.carries) {
          this.carries = true;
          this.ear.carries();
        }
        return;
      case 'tabs':
        this.ear.tabs?.(message.tabs);
        return;
      case 'time':
        this.ear.hubTime(message.hubMillis);
        return;
      case 'news':
        for (const one of message.news) {
          'told' in one ? this.ear.told(one.told) : this.ear.reached(one.ids, one.cursor);
        }
        return;
      case 'beat':
        return;
      case 'ended':
        this.end(message.ending.carriedMs, message.ending.isShutOut);
        return;
    }
  }

  private end(carriedMs: number | null, isShutOut: boolean): void {
    this.close();
    this.ear.ended({ carriedMs, isShutOut });
  }
}

/** A line that this tab has for itself: while it is hidden others may need the connection. */
class OwnLine implements Line {
  private line: Line | null;
  private hidden: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly way: Way,
    private readonly wishes: () => Wish[],
    private readonly ear: Ear,
  ) {
    this.line = way.open(wishes, ear);
    document.addEventListener('visibilitychange', this.turns);
    this.turns();
  }

  carry(): void {
    this.line?.carry();
  }

  probe(): void {
    this.line?.probe();
  }

  close(): void {
    clearTimeout(this.hidden);
    document.removeEventListener('visibilitychange', this.turns);
    this.line?.close();
    this.line = null;
  }

  private readonly turns = (): void => {
    clearTimeout(this.hidden);
    if (document.visibilityState === 'hidden') {
      this.hidden = setTimeout(() => this.giveUp(), HIDDEN_MS);
    } else if (!this.line) {
      this.goOn();
    }
  };

  private giveUp(): void {
    this.line?.close();
    this.line = null;
  }

  /** From the cursors: what has happened meanwhile is told now. */
  private goOn(): void {
    const line = this.way.open(this.wishes, { ...this.ear, carries: () => line.carry() });
    this.line = line;
  }
}
