package io.signalbox.hub.store.redis;

/** What a server of the tests runs in. */
interface RedisHost extends AutoCloseable {
  /** Starts the server, with the data that an earlier one has left. */
  void launch();

  /** Ends the server at once. */
  void kill();

  /** Stops the server as it is: its sockets stay open, and nothing answers. */
  void suspend();

  /** Lets a suspended server go on. */
  void resume();

  /** The output of redis-cli with these arguments. */
  String cli(String... arguments);

  @Override
  void close();
}
