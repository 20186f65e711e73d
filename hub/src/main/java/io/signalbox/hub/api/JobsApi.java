package io.signalbox.hub.api;

import io.signalbox.hub.http.Answer;
import io.signalbox.hub.http.JsonText;
import io.signalbox.hub.http.Preconditions;
import io.signalbox.hub.http.Query;
import io.signalbox.hub.job.Errand;
import io.signalbox.hub.job.Jobs;
import io.signalbox.hub.job.NewJob;
import io.signalbox.hub.job.NewJob.Whom;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Selector;
import io.signalbox.hub.model.Job.Standing;
import io.signalbox.hub.model.Job.Stop;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JobJson;
import io.signalbox.hub.wire.JsonPart;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A command to many devices over REST: submitted at once, followed by short or long poll. A job's
 * entity tag is its version, which grows with every step of any of its commands.
 */
final class JobsApi {
  private static final long BODY_LIMIT = 10 * 1024 * 1024L;
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final int JUDGED_AFTER = 10;

  private final Jobs jobs;

  JobsApi(Rooms rooms) {
    this.jobs = rooms.jobs();
  }

  /** Answers 202 with the token, or, with {@code Prefer: wait=…}, 200 with the finished job. */
  Future<Answer> submit(Call call) {
    Patience patience = Patience.preferred(call);
    call.needType(Answer.JSON);
    return call.body()
        .read(BODY_LIMIT)
        .compose(text -> parsed(call, text))
        .map(body -> read(body, call.headerText("Idempotency-Key")))
        .compose(job -> call.onLoop(jobs.submit(job, call.principal().name())))
        .compose(job -> patience.isNone() ? at(job) : ended(call, job, patience))
        .map(job -> submitted(job, patience));
  }

  private static Future<Json> parsed(Call call, Buffer text) {
    return text.length() > Call.BODY_LIMIT
        ? call.largeJson(text)
        : Future.succeededFuture(JsonText.json(text));
  }

  private static NewJob read(Json body, @Nullable String idempotencyKey) {
    Fields fields =
        Fields.of(
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
            "atOnce",
            "stop");
    return new NewJob(
        CommandsApi.read(fields, idempotencyKey), whom(fields), atOnce(fields), stop(fields));
  }

  private static Whom whom(Fields fields) {
    boolean bySelector = fields.value("labels") != null || fields.value("type") != null;
    if (fields.value("devices") == null) {
      if (!bySelector) {
        throw fields.invalid("devices", "is missing, and so are labels and type: who is to do it?");
      }
      return new Whom.Found(new Selector(fields.text("type"), fields.texts("labels")));
    }
    if (bySelector) {
      throw fields.invalid("devices", "cannot stand beside labels or type");
    }
    return new Whom.Named(fields.needTexts("devices"));
  }

  private static @Nullable Integer atOnce(Fields fields) {
    boolean limited = fields.value("atOnce") != null;
    return limited ? (Integer) (int) fields.whole("atOnce", 1, NewJob.MOST_DEVICES, 1) : null;
  }

  private static @Nullable Stop stop(Fields fields) {
    Fields stop = fields.object("stop", "failureShare", "after");
    if (stop == null) {
      return null;
    }
    Double share = stop.number("failureShare");
    if (share == null) {
      throw stop.invalid("failureShare", "is missing");
    }
    return new Stop(share, (int) stop.whole("after", 1, NewJob.MOST_DEVICES, JUDGED_AFTER));
  }

  private static Answer submitted(Job job, Patience patience) {
    Answer answer =
        Answer.json(job.isOver() ? 200 : 202, JobJson.job(job))
            .with("Location", Routes.ROOT + "/jobs/" + job.id())
            .tagged(Long.toString(job.version()));
    return patience.applied(answer);
  }

  /** The job as it stands, or, with {@code wait}, when it has changed or time is over. */
  Future<Answer> get(Call call) {
    String id = call.path("id");
    Patience patience = Patience.ofPoll(call, Job.State.class);
    return (patience.isNone() ? jobs.get(id) : changed(call, id, patience)).map(JobsApi::present);
  }

  private Future<Job> changed(Call call, String id, Patience patience) {
    Predicate<Job> known = job -> patience.knows(job.version(), job.state());
    return Patience.outcome(call, jobs.holdForNews(id, known, patience.time()));
  }

  private Future<Job> ended(Call call, Job job, Patience patience) {
    return Patience.outcome(call, jobs.holdForEnd(job.id(), patience.time()));
  }

  private static Future<Job> at(Job job) {
    return Future.succeededFuture(job);
  }

  private static Answer present(Job job) {
    return Answer.ok(JobJson.job(job)).tagged(Long.toString(job.version()));
  }

  /** Newest first. */
  Future<Answer> list(Call call) {
    Query query = call.query();
    int limit = query.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    Set<Job.State> states = EnumSet.noneOf(Job.State.class);
    states.addAll(query.some("state", Job.State.class));
    return call.document(
        jobs.list(states, query.text("cursor"), limit), page -> ApiJson.page(page, JobJson::job));
  }

  /** In the order of the devices. */
  Future<Answer> errands(Call call) {
    Query query = call.query();
    int limit = query.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    Set<Standing> standings = EnumSet.noneOf(Standing.class);
    standings.addAll(query.some("state", Standing.class));
    return call.document(
        jobs.errands(call.path("id"), standings, query.text("cursor"), limit),
        page -> ApiJson.page(page, JobsApi::errand));
  }

  private static JsonPart errand(Errand errand) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("device", errand.device());
      out.writeStringField("state", ApiJson.word(errand.standing()));
      if (errand.command() != null) {
        out.writeStringField("command", errand.command());
      }
      Errand.Grounds refusal = errand.refusal();
      if (refusal != null) {
        out.writeObjectFieldStart("error");
        out.writeStringField("code", refusal.code());
        out.writeStringField("message", refusal.text());
        out.writeEndObject();
      }
      out.writeEndObject();
    };
  }

  /** With {@code If-Match} only if it is as the client knows it. */
  Future<Answer> cancel(Call call) {
    Precondition precondition = Preconditions.of(call.request(), Patience.VERSION, "3");
    return jobs.cancel(call.path("id"), call.principal().name(), precondition)
        .map(JobsApi::present);
  }
}
