package io.signalbox.hub.store.redis;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisLinkTest {
  @Test
  void a_script_that_the_server_does_not_know_is_sent_to_it() {
    try (RedisTest redis = new RedisTest()) {
      RedisLink link = redis.link();
      String key = redis.keys().of("pump-7", "device");
      String text = "return redis.call('INCRBY', KEYS[1], ARGV[1]) -- " + key;
      RedisScript script = new RedisScript("increment", text, RedisScript.sha1(text));

      assertThat(answer(link.run(script, List.of(key), 3)).toLong()).isEqualTo(3);
      assertThat(answer(link.run(script, List.of(key), 4)).toLong()).isEqualTo(7);
      assertThat(answer(link.send(Request.cmd(Command.GET).arg(key))).toString()).isEqualTo("7");
    }
  }
}
