package io.signalbox.hub.feed;

import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A real device store whose list queries are counted and can be blocked or made to fail. */
final class BlockingDeviceStore {
  private final DeviceStore store;
  private final AtomicInteger read = new AtomicInteger();
  private volatile Promise<Void> gate = open();
  private volatile boolean refusing;
  private volatile Runnable whenRead = () -> {};

  BlockingDeviceStore(DeviceStore store) {
    this.store = store;
  }

  private static Promise<Void> open() {
    Promise<Void> gate = Promise.promise();
    gate.complete();
    return gate;
  }

  /** The wrapped store. */
  DeviceStore store() {
    Class<?>[] port = {DeviceStore.class};
    ClassLoader loader = DeviceStore.class.getClassLoader();
    return (DeviceStore)
        Proxy.newProxyInstance(loader, port, (proxy, method, arguments) -> call(method, arguments));
  }

  @SuppressWarnings("unchecked") // It is what the store lists.
  private Object call(Method method, Object[] arguments) throws Throwable {
    boolean list = method.getName().equals("list");
    if (list && refusing) {
      return Future.failedFuture(new Refusal(Refusal.ErrorCode.UNAVAILABLE, "the disk is broken"));
    }
    try {
      Object answer = method.invoke(store, arguments);
      return list ? held((Future<Page<Device>>) answer) : answer;
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  private Future<Page<Device>> held(Future<Page<Device>> pages) {
    Promise<Void> shut = gate;
    return pages
        .onSuccess(page -> read.incrementAndGet())
        .onSuccess(page -> whenRead.run())
        .compose(page -> shut.future().map(page));
  }

  /** Blocks the results of list queries until {@link #release}. */
  void hold() {
    gate = Promise.promise();
  }

  void release() {
    gate.tryComplete();
  }

  void refuse(boolean now) {
    refusing = now;
  }

  /** Runs a step with every page before it is returned. */
  void whenRead(Runnable step) {
    whenRead = step;
  }

  /** Number of pages read so far. */
  int read() {
    return read.get();
  }
}
