package io.signalbox.hub.gateway;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Twin;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Channel of a device that keeps what the device gets, and whether the hub reads. */
final class RecordingChannel implements DeviceChannel {
  final List<String> sent = new CopyOnWriteArrayList<>();
  volatile boolean reads = true;

  @Override
  public void ack(long seq) {
    sent.add("ack " + seq);
  }

  @Override
  public void refuse(long seq, Refusal refusal) {
    sent.add(refusal.kind().code() + " " + seq);
  }

  @Override
  public void command(Command command) {}

  @Override
  public void desired(Twin twin) {}

  @Override
  public void described(long version) {
    sent.add("described " + version);
  }

  @Override
  public void pong() {
    sent.add("pong");
  }

  @Override
  public void setAutoRead(boolean autoRead) {
    reads = autoRead;
  }

  @Override
  public void evicted(SessionEnd end) {}
}
