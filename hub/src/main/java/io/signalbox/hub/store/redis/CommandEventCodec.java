package io.signalbox.hub.store.redis;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Transport;
import java.time.Duration;

/** Codec of commands and jobs as events carry them. Stateless; safe on any thread. */
final class CommandEventCodec {
  private CommandEventCodec() {}

  static void write(EventWriter out, Command command) {
    out.text(command.id());
    out.text(command.device());
    out.text(command.name());
    out.text(command.params());
    out.zigzag(command.created());
    out.zigzag(command.expires());
    out.zigzag(command.notBefore());
    out.optionalNumber(command.expectedBy());
    out.optionalText(command.collapse());
    out.optionalText(command.metadata());
    out.optionalText(command.job());
    out.optionalText(command.result());
    out.optionalText(command.error());
    out.list(command.timeline(), step -> write(out, step));
  }

  static Command command(EventReader in) {
    return new Command(
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.zigzag(),
        in.zigzag(),
        in.zigzag(),
        in.optionalNumber(),
        in.optionalText(),
        in.optionalText(),
        in.optionalText(),
        in.optionalText(),
        in.optionalText(),
        in.list(() -> step(in)));
  }

  private static void write(EventWriter out, Command.Step step) {
    out.constant(step.state());
    out.zigzag(step.ts());
    out.text(step.node());
    out.optionalNumber(step.session());
    out.optional(step.transport(), out::constant);
    out.optionalText(step.by());
    out.optionalText(step.reason());
    out.optionalNumber(step.leaseExpires());
  }

  private static Command.Step step(EventReader in) {
    return new Command.Step(
        in.constant(Command.State.class),
        in.zigzag(),
        in.text(),
        in.optionalNumber(),
        in.optional(() -> in.constant(Transport.class)),
        in.optionalText(),
        in.optionalText(),
        in.optionalNumber());
  }

  static void write(EventWriter out, Job job) {
    out.text(job.id());
    write(out, job.spec());
    out.zigzag(job.created());
    out.text(job.by());
    out.constant(job.state());
    out.optionalNumber(job.ended());
    out.optionalText(job.reason());
    out.varint(job.total());
    out.map(
        job.counts().counts(),
        (state, count) -> {
          out.constant(state);
          out.varint(count);
        });
    out.varint(job.version());
  }

  static Job job(EventReader in) {
    return new Job(
        in.text(),
        spec(in),
        in.zigzag(),
        in.text(),
        in.constant(Job.State.class),
        in.optionalNumber(),
        in.optionalText(),
        (int) in.varint(),
        new Job.Counts(
            in.map(() -> in.constant(Job.ExecutionState.class), () -> (int) in.varint())),
        in.varint());
  }

  private static void write(EventWriter out, Job.JobSpec spec) {
    out.text(spec.name());
    out.text(spec.params());
    out.optional(
        spec.ttl(),
        ttl -> {
          out.zigzag(ttl.getSeconds());
          out.varint(ttl.getNano());
        });
    out.optionalNumber(spec.notBefore());
    out.optionalText(spec.collapse());
    out.optionalText(spec.metadata());
    out.optional(
        spec.selector(),
        selector -> {
          out.optionalText(selector.type());
          EventCodec.writeLabels(out, selector.labels());
        });
    out.optional(spec.maxConcurrent(), most -> out.varint(most));
    out.optional(
        spec.abort(),
        abort -> {
          out.u64(Double.doubleToRawLongBits(abort.failureRate()));
          out.varint(abort.minFinished());
        });
  }

  private static Job.JobSpec spec(EventReader in) {
    return new Job.JobSpec(
        in.text(),
        in.text(),
        in.optional(() -> Duration.ofSeconds(in.zigzag(), in.varint())),
        in.optionalNumber(),
        in.optionalText(),
        in.optionalText(),
        in.optional(() -> new Job.Selector(in.optionalText(), EventCodec.labels(in))),
        in.optional(() -> (int) in.varint()),
        in.optional(
            () -> new Job.FailureThreshold(Double.longBitsToDouble(in.u64()), (int) in.varint())));
  }
}
