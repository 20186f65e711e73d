package io.signalbox.hub.fleet;

import io.signalbox.hub.keys.KeyGenerator;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Registration of many devices: validates each, inserts the valid ones in chunks, and returns the
 * results in the order of the request.
 */
final class BulkRegistration {
  private static final int CHUNK = 500;

  private final DeviceStore store;
  private final List<NewDevice> devices;
  private final long now;
  private final Function<String, Future<Void>> beforeReuse;
  private final Consumer<Device> added;
  private final List<RegistrationResult> results = new ArrayList<>();

  /**
   * A registration that has not started.
   *
   * @param beforeReuse completes the deletion of an earlier device with the id
   * @param added called for each device as soon as it is stored, before anybody can change it
   */
  BulkRegistration(
      DeviceStore store,
      List<NewDevice> devices,
      long now,
      Function<String, Future<Void>> beforeReuse,
      Consumer<Device> added) {
    this.store = store;
    this.devices = devices;
    this.now = now;
    this.beforeReuse = beforeReuse;
    this.added = added;
  }

  /** Fails only if the store refuses before any device was registered. */
  Future<List<RegistrationResult>> run() {
    int from = results.size();
    if (from == devices.size()) {
      return Future.succeededFuture(results);
    }
    List<Candidate> chunk =
        devices.subList(from, Math.min(from + CHUNK, devices.size())).stream()
            .map(this::checked)
            .toList();
    return inserted(chunk).compose(done -> run());
  }

  private Future<Void> inserted(List<Candidate> chunk) {
    List<DeviceStore.Entry> entries =
        chunk.stream()
            .filter(Candidate.Valid.class::isInstance)
            .map(valid -> ((Candidate.Valid) valid).entry())
            .toList();
    return insert(entries)
        .compose(insertions -> afterDeletions(entries, insertions))
        .compose(
            insertions -> inOtherCase(entries).map(others -> settled(chunk, insertions, others)))
        .<Void>mapEmpty()
        .recover(this::refuseRest);
  }

  /** Needed for warnings only: a failure must not refuse devices that are registered. */
  private Future<Map<String, String>> inOtherCase(List<DeviceStore.Entry> entries) {
    return store
        .differingInCase(entries.stream().map(entry -> entry.device().id()).toList())
        .otherwise(Map.of());
  }

  private Future<List<DeviceStore.Insertion>> insert(List<DeviceStore.Entry> entries) {
    return store.insert(entries, insertions -> report(entries, insertions));
  }

  private void report(List<DeviceStore.Entry> entries, List<DeviceStore.Insertion> insertions) {
    for (int i = 0; i < entries.size(); i++) {
      if (insertions.get(i) == DeviceStore.Insertion.DONE) {
        added.accept(entries.get(i).device());
      }
    }
  }

  /** Retries ids that are still being deleted, when the deletion is complete. */
  private Future<List<DeviceStore.Insertion>> afterDeletions(
      List<DeviceStore.Entry> entries, List<DeviceStore.Insertion> insertions) {
    List<DeviceStore.Entry> late = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (insertions.get(i) == DeviceStore.Insertion.BEING_DELETED) {
        late.add(entries.get(i));
      }
    }
    if (late.isEmpty()) {
      return Future.succeededFuture(insertions);
    }
    return Future.join(late.stream().map(entry -> beforeReuse.apply(entry.device().id())).toList())
        .transform(ended -> insert(late))
        .map(second -> merged(insertions, second));
  }

  private static List<DeviceStore.Insertion> merged(
      List<DeviceStore.Insertion> first, List<DeviceStore.Insertion> second) {
    var late = second.iterator();
    return first.stream()
        .map(one -> one == DeviceStore.Insertion.BEING_DELETED ? late.next() : one)
        .toList();
  }

  /** Adds the results of the chunk; the next chunk starts after that. */
  private List<RegistrationResult> settled(
      List<Candidate> chunk, List<DeviceStore.Insertion> insertions, Map<String, String> others) {
    var insertion = insertions.iterator();
    for (Candidate candidate : chunk) {
      results.add(
          switch (candidate) {
            case Candidate.Valid valid -> result(valid, insertion.next(), others);
            case Candidate.Invalid invalid -> invalid.refused();
          });
    }
    return results;
  }

  /** Results of stored devices are kept; the remaining devices fail with the refusal. */
  private Future<Void> refuseRest(Throwable failure) {
    if (results.isEmpty() || !(failure instanceof Refusal refusal)) {
      return Future.failedFuture(failure);
    }
    for (NewDevice device : devices.subList(results.size(), devices.size())) {
      results.add(new RegistrationResult.Failed(device.id(), refusal));
    }
    return Future.succeededFuture();
  }

  private static RegistrationResult result(
      Candidate.Valid valid, DeviceStore.Insertion insertion, Map<String, String> others) {
    Device device = valid.entry().device();
    return switch (insertion) {
      case DONE ->
          new RegistrationResult.Ok(
              new RegisteredDevice(device, valid.key(), others.get(device.id())));
      case ID_TAKEN -> refused(device, Refusal.ErrorCode.DEVICE_EXISTS, "id", "already exists");
      case KEY_TAKEN ->
          refused(device, Refusal.ErrorCode.INVALID, "key", "has the key of another device");
      case BEING_DELETED ->
          refused(
              device,
              Refusal.ErrorCode.UNAVAILABLE,
              "id",
              "cannot be registered yet: the deletion of an earlier device with this id is"
                  + " incomplete");
    };
  }

  private static RegistrationResult refused(
      Device device, Refusal.ErrorCode kind, String field, String reason) {
    return new RegistrationResult.Failed(
        device.id(), new Refusal(kind, field, "device " + device.id() + " " + reason));
  }

  private Candidate checked(NewDevice asked) {
    try {
      Device device =
          new Device(asked.id(), asked.name(), asked.type(), sorted(asked.labels()), true, now);
      DeviceValidator.check(device);
      DeviceValidator.checkOwnKey(asked.key());
      String key = asked.key() == null ? KeyGenerator.ofDevice() : asked.key();
      return new Candidate.Valid(new DeviceStore.Entry(device, KeyHash.of(key)), key);
    } catch (Refusal refusal) {
      return new Candidate.Invalid(new RegistrationResult.Failed(asked.id(), refusal));
    }
  }

  private static Map<String, String> sorted(Map<String, String> labels) {
    return labels.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  /** A validated device. */
  private sealed interface Candidate {
    record Valid(DeviceStore.Entry entry, String key) implements Candidate {}

    record Invalid(RegistrationResult.Failed refused) implements Candidate {}
  }
}
