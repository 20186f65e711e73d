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

/** JSON encoder of jobs for REST responses and feed events. Stateless; safe on any thread. */
public final class JobJson {
  private JobJson() {}

  /**
   * A job: {@code id, name, params, state, created, by, ended?, reason?, ttl?, notBefore?,
   * collapse?, metadata?, maxConcurrent?, abort?, devices, counts, version}.
   */
  public static JsonWritable job(Job job) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("id", job.id());
      out.writeStringField("name", job.spec().name());
      ApiJson.raw(out, "params", job.spec().params());
      progress(out, job);
      spec(out, job.spec());
      devices(out, job);
      counts(out, job.counts());
      out.writeNumberField("version", job.version());
      out.writeEndObject();
    };
  }

  private static void progress(JsonGenerator out, Job job) throws IOException {
    out.writeStringField("state", ApiJson.word(job.state()));
    out.writeNumberField("created", job.created());
    out.writeStringField("by", job.by());
    if (job.ended() != null) {
      out.writeNumberField("ended", job.ended());
    }
    ApiJson.text(out, "reason", job.reason());
  }

  private static void spec(JsonGenerator out, JobSpec spec) throws IOException {
    if (spec.ttl() != null) {
      out.writeNumberField("ttl", spec.ttl().toSeconds());
    }
    if (spec.notBefore() != null) {
      out.writeNumberField("notBefore", spec.notBefore());
    }
    ApiJson.text(out, "collapse", spec.collapse());
    ApiJson.raw(out, "metadata", spec.metadata());
    if (spec.maxConcurrent() != null) {
      out.writeNumberField("maxConcurrent", spec.maxConcurrent());
    }
    abort(out, spec.abort());
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
    for (ExecutionState state : ExecutionState.values()) {
      out.writeNumberField(ApiJson.word(state), counts.of(state));
    }
    out.writeEndObject();
  }
}
