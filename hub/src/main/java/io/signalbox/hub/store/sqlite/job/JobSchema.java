package io.signalbox.hub.store.sqlite.job;

import io.signalbox.hub.store.sqlite.Schema;

/**
 * Schema of the job tables. {@link ExecutionTransitions} keeps the counts of a job. Older versions
 * did that by triggers, which the last step drops.
 */
public final class JobSchema {
  /** Migrate after the command and fleet schemas, on whose tables the triggers were. */
  public static final Schema SCHEMA =
      Schema.of(
          "job",
          """
          -- state 'making' until all of its errands are there; labels: a JSON object
          CREATE TABLE job (
            place INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            params TEXT NOT NULL,
            ttl INTEGER NOT NULL,
            not_before INTEGER,
            collapse TEXT,
            metadata TEXT,
            type TEXT,
            labels TEXT,
            at_once INTEGER,
            failure_share REAL,
            stop_after INTEGER,
            state TEXT NOT NULL,
            created INTEGER NOT NULL,
            by TEXT NOT NULL,
            ended INTEGER,
            because TEXT,
            token TEXT,
            fingerprint TEXT,
            version INTEGER NOT NULL,
            total INTEGER NOT NULL,
            waiting INTEGER NOT NULL,
            queued INTEGER NOT NULL,
            sent INTEGER NOT NULL,
            accepted INTEGER NOT NULL,
            succeeded INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            rejected INTEGER NOT NULL,
            expired INTEGER NOT NULL,
            cancelled INTEGER NOT NULL,
            superseded INTEGER NOT NULL,
            refused INTEGER NOT NULL,
            skipped INTEGER NOT NULL);
          CREATE INDEX job_unfinished ON job (place) WHERE ended IS NULL;
          CREATE INDEX job_ended ON job (ended) WHERE ended IS NOT NULL;
          CREATE INDEX job_token ON job (token, place) WHERE token IS NOT NULL;

          CREATE TABLE errand (
            job INTEGER NOT NULL REFERENCES job (place) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            device TEXT NOT NULL,
            state TEXT NOT NULL,
            command TEXT,
            code TEXT,
            because TEXT,
            PRIMARY KEY (job, place)) WITHOUT ROWID;
          CREATE UNIQUE INDEX errand_of_device ON errand (job, device);
          CREATE INDEX errand_in_state ON errand (job, state, place);

          CREATE TRIGGER errand_moved AFTER UPDATE OF state ON errand
          WHEN OLD.state <> NEW.state BEGIN
            UPDATE job SET version = version + 1,
              waiting = waiting + (NEW.state = 'waiting') - (OLD.state = 'waiting'),
              queued = queued + (NEW.state = 'queued') - (OLD.state = 'queued'),
              sent = sent + (NEW.state = 'sent') - (OLD.state = 'sent'),
              accepted = accepted + (NEW.state = 'accepted') - (OLD.state = 'accepted'),
              succeeded = succeeded + (NEW.state = 'succeeded') - (OLD.state = 'succeeded'),
              failed = failed + (NEW.state = 'failed') - (OLD.state = 'failed'),
              rejected = rejected + (NEW.state = 'rejected') - (OLD.state = 'rejected'),
              expired = expired + (NEW.state = 'expired') - (OLD.state = 'expired'),
              cancelled = cancelled + (NEW.state = 'cancelled') - (OLD.state = 'cancelled'),
              superseded = superseded + (NEW.state = 'superseded') - (OLD.state = 'superseded'),
              refused = refused + (NEW.state = 'refused') - (OLD.state = 'refused'),
              skipped = skipped + (NEW.state = 'skipped') - (OLD.state = 'skipped')
            WHERE place = NEW.job;
          END;
          CREATE TRIGGER command_of_job_made AFTER INSERT ON command
          WHEN NEW.job IS NOT NULL BEGIN
            UPDATE errand SET state = NEW.state, command = NEW.id
            WHERE job = (SELECT place FROM job WHERE id = NEW.job) AND device = NEW.device;
          END;
          CREATE TRIGGER command_of_job_moved AFTER UPDATE OF state ON command
          WHEN NEW.job IS NOT NULL BEGIN
            UPDATE errand SET state = NEW.state
            WHERE job = (SELECT place FROM job WHERE id = NEW.job) AND device = NEW.device;
          END
          """,
          """
          -- who waits and is deleted gets no command, nor does a later device of the same id
          CREATE TRIGGER errand_of_deleted_device AFTER DELETE ON device BEGIN
            UPDATE errand SET state = 'refused', code = 'unknown-device',
              because = 'there is no device ' || OLD.id
            WHERE device = OLD.id AND state = 'waiting'
              AND job IN (SELECT place FROM job WHERE ended IS NULL);
          END
          """,
          """
          -- SQLite changes the name in the triggers and indexes as well
          ALTER TABLE errand RENAME TO execution
          """,
          """
          -- the state aborted was called stopped
          UPDATE job SET state = 'aborted' WHERE state = 'stopped'
          """,
          """
          -- ttl: null if the job has none, so that each command takes the default of its device
          ALTER TABLE job ADD COLUMN own_ttl INTEGER;
          UPDATE job SET own_ttl = ttl;
          ALTER TABLE job DROP COLUMN ttl;
          ALTER TABLE job RENAME COLUMN own_ttl TO ttl
          """,
          """
          -- the transactions themselves do what the triggers did
          DROP TRIGGER errand_moved;
          DROP TRIGGER command_of_job_made;
          DROP TRIGGER command_of_job_moved;
          DROP TRIGGER errand_of_deleted_device
          """);

  private JobSchema() {}
}
