package io.signalbox.hub.api;

import io.signalbox.hub.http.Preconditions;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.job.JobRequest;
import io.signalbox.hub.job.JobRequest.Targets;
import io.signalbox.hub.job.JobService;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Job.FailureThreshold;
import io.signalbox.hub.model.Job.Selector;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JobJson;
import io.signalbox.hub.wire.JsonWritable;
import io.vertx.core.Future;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * REST endpoints of jobs (a command for many devices): submit, follow by short or long poll, list
 * and cancel. A job's entity tag is its version, which grows with every change of any of its
 * commands.
 */
final class JobsApi {
  private static final long BODY_LIMIT = 10 * 1024 * 1024L;
  private static final int DEFAULT_MIN_FINISHED = 10;

  private final JobService jobs;

  JobsApi(JobService jobs) {
    this.jobs = jobs;
  }

  /** Answers 202 with the job's id, or, with {@code Prefer: wait=…}, 200 with the finished job. */
  Future<Response> submit(ApiRequest call) {
    WaitPreference waitPreference = WaitPreference.preferred(call);
    return call.json(BODY_LIMIT)
        .map(body -> read(body, call.headerText("Idempotency-Key")))
        .compose(job -> call.onLoop(jobs.submit(job, call.principal().name())))
        .compose(job -> ended(call, job, waitPreference))
        .map(job -> submitted(job, waitPreference));
  }

  private static JobRequest read(Json body, @Nullable String idempotencyKey) {
    JsonFields fields =
        JsonFields.of(
            body,
            "devices",
            "labels",
            "type",
            "name",
            "params",
            "ttl",
            "notBefore",
            "collapse",
            "metadata",
            "maxConcurrent",
            "abort");
    return new JobRequest(
        CommandsApi.read(fields, idempotencyKey),
        targets(fields),
        maxConcurrent(fields),
        abort(fields));
  }

  private static Targets targets(JsonFields fields) {
    boolean bySelector = fields.value("labels") != null || fields.value("type") != null;
    if (fields.value("devices") == null) {
      if (!bySelector) {
        throw fields.invalid("devices", "is missing; expected devices, labels or type");
      }
      return new Targets.Selected(new Selector(fields.text("type"), fields.stringMap("labels")));
    }
    if (bySelector) {
      throw fields.invalid("devices", "must not be combined with labels or type");
    }
    return new Targets.Devices(fields.requireTexts("devices"));
  }

  private static @Nullable Integer maxConcurrent(JsonFields fields) {
    boolean limited = fields.value("maxConcurrent") != null;
    return limited
        ? (Integer) (int) fields.integer("maxConcurrent", 1, JobRequest.MOST_DEVICES, 1)
        : null;
  }

  private static @Nullable FailureThreshold abort(JsonFields fields) {
    JsonFields abort = fields.object("abort", "failureRate", "minFinished");
    if (abort == null) {
      return null;
    }
    Double rate = abort.number("failureRate");
    if (rate == null) {
      throw abort.invalid("failureRate", "is missing; expected a number");
    }
    return new FailureThreshold(
        rate, (int) abort.integer("minFinished", 1, JobRequest.MOST_DEVICES, DEFAULT_MIN_FINISHED));
  }

  private static Response submitted(Job job, WaitPreference waitPreference) {
    Response answer =
        Response.json(job.isOver() ? 200 : 202, JobJson.job(job))
            .with("Location", Routes.ROOT + "/jobs/" + job.id())
            .withEtag(Long.toString(job.version()));
    return waitPreference.applied(answer);
  }

  /** The job; with {@code wait}, once it has changed or the time is over. */
  Future<Response> get(ApiRequest call) {
    String id = call.path("id");
    WaitPreference waitPreference = WaitPreference.ofPoll(call, Job.State.class);
    return (waitPreference.isNone() ? jobs.get(id) : changed(call, id, waitPreference))
        .map(JobsApi::present);
  }

  private Future<Job> changed(ApiRequest call, String id, WaitPreference waitPreference) {
    Predicate<Job> known = job -> waitPreference.knows(job.version(), job.state());
    return WaitPreference.outcome(call, jobs.awaitChange(id, known, waitPreference.time()));
  }

  private Future<Job> ended(ApiRequest call, Job job, WaitPreference waitPreference) {
    return waitPreference.isNone()
        ? Future.succeededFuture(job)
        : WaitPreference.outcome(call, jobs.awaitCompletion(job.id(), waitPreference.time()));
  }

  private static Response present(Job job) {
    return Response.ok(JobJson.job(job)).withEtag(Long.toString(job.version()));
  }

  /** Jobs, newest first. */
  Future<Response> list(ApiRequest call) {
    int limit = call.pageLimit();
    Set<Job.State> states = call.query().some("state", Job.State.class);
    return call.document(
        jobs.list(states, call.query().text("cursor"), limit),
        page -> ApiJson.page(page, JobJson::job));
  }

  /** The executions of a job, ordered by device. */
  Future<Response> executions(ApiRequest call) {
    int limit = call.pageLimit();
    Set<ExecutionState> standings = call.query().some("state", ExecutionState.class);
    return call.document(
        jobs.executions(call.path("id"), standings, call.query().text("cursor"), limit),
        page -> ApiJson.page(page, JobsApi::execution));
  }

  private static JsonWritable execution(JobExecution execution) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("device", execution.device());
      out.writeStringField("state", ApiJson.word(execution.standing()));
      if (execution.command() != null) {
        out.writeStringField("command", execution.command());
      }
      JobExecution.Reason refusal = execution.refusal();
      if (refusal != null) {
        out.writeObjectFieldStart("error");
        out.writeStringField("code", refusal.code());
        out.writeStringField("message", refusal.text());
        out.writeEndObject();
      }
      out.writeEndObject();
    };
  }

  /** Cancels a job; with {@code If-Match} only if its version matches. */
  Future<Response> cancel(ApiRequest call) {
    Precondition precondition = Preconditions.of(call.request(), WaitPreference.VERSION, "3");
    return jobs.cancel(call.path("id"), call.principal().name(), precondition)
        .map(JobsApi::present);
  }
}
