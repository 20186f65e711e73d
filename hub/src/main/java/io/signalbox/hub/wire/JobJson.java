package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Job.FailureThreshold;
import io.signalbox.hub.model.Job.JobSpec;
import io.signalbox.hub.model.Job.Selector;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of jobs, as REST answers and live events show them. Stateless: any thread. */
public final class JobJson {
  private JobJson() {}

  /**
   * A job: {@code id, name, params, state, created, by, ended?, reason?, ttl, notBefore?,
   * collapse?, metadata?, maxConcurrent?, abort?, devices, counts, version}.
   */
  public static JsonWritable job(Job job) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("id", job.id());
      out.writeStringField("name", job.spec().name());
      ApiJson.raw(out, "params", job.spec().params());
      standing(out, job);
      order(out, job.spec());
      devices(out, job);
      counts(out, job.counts());
      out.writeNumberField("version", job.version());
      out.writeEndObject();
    };
  }

  private static void standing(JsonGenerator out, Job job) throws IOException {
    out.writeStringField("state", ApiJson.word(job.state()));
    out.writeNumberField("created", job.created());
    out.writeStringField("by", job.by());
    if (job.ended() != null) {
      out.writeNumberField("ended", job.ended());
    }
    ApiJson.text(out, "reason", job.reason());
  }

  private static void order(JsonGenerator out, JobSpec order) throws IOException {
    out.writeNumberField("ttl", order.ttl().toSeconds());
    if (order.notBefore() != null) {
      out.writeNumberField("notBefore", order.notBefore());
    }
    ApiJson.text(out, "collapse", order.collapse());
    ApiJson.raw(out, "metadata", order.metadata());
    if (order.maxConcurrent() != null) {
      out.writeNumberField("maxConcurrent", order.maxConcurrent());
    }
    abort(out, order.abort());
  }

  private static void abort(JsonGenerator out, @Nullable FailureThreshold abort)
      throws IOException {
    if (abort != null) {
      out.writeObjectFieldStart("abort");
      out.writeNumberField("failureRate", abort.failureRate());
      out.writeNumberField("minFinished", abort.minFinished());
      out.writeEndObject();
    }
  }

  private static void devices(JsonGenerator out, Job job) throws IOException {
    out.writeObjectFieldStart("devices");
    out.writeNumberField("total", job.total());
    Selector selector = job.spec().selector();
    if (selector != null) {
      ApiJson.text(out, "type", selector.type());
      labels(out, selector.labels());
    }
    out.writeEndObject();
  }

  private static void labels(JsonGenerator out, Map<String, String> labels) throws IOException {
    if (!labels.isEmpty()) {
      out.writeFieldName("labels");
      ApiJson.texts(labels).write(out);
    }
  }

  private static void counts(JsonGenerator out, Job.Counts counts) throws IOException {
    out.writeObjectFieldStart("counts");
    for (ExecutionState standing : ExecutionState.values()) {
      out.writeNumberField(ApiJson.word(standing), counts.of(standing));
    }
    out.writeEndObject();
  }
}
