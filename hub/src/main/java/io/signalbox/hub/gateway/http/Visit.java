package io.signalbox.hub.gateway.http;

import io.netty.buffer.ByteBuf;
import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.gateway.Reception;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.http.Exchange;
import io.signalbox.hub.http.Preconditions;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.polling.Planned;
import io.signalbox.hub.wire.DeviceAnswers;
import io.signalbox.hub.wire.DeviceBodies;
import io.signalbox.hub.wire.Encoding;
import io.signalbox.hub.wire.ExchangeReader;
import io.signalbox.hub.wire.Limits;
import io.signalbox.hub.wire.PayloadFormat;
import io.signalbox.hub.wire.TelemetryPayload;
import io.signalbox.hub.wire.TelemetryPayloads;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One request of a device that was recognised: what it brings is read here, on the loop of its
 * connection, and taken home.
 *
 * @param encoding how the answer is to be written
 */
record Visit(Exchange exchange, Caller caller, Visitors visitors, Home here, Encoding encoding) {
  /** A twin's tag; its second number is the version of what the device has reported. */
  private static final Pattern REPORTED = Pattern.compile("\\d{1,18}-(\\d{1,18})");

  /** Does what the device has come for. */
  Future<Reply> run(Errand errand) {
    return switch (errand) {
      case Errand.Upload upload -> upload();
      case Errand.Ask ask -> ask();
      case Errand.Answers answers -> answer(answers.command());
      case Errand.Both both -> exchangeAll();
      case Errand.Look look -> look();
      case Errand.Report report -> report();
    };
  }

  private Future<Reply> upload() {
    Luggage luggage = luggage();
    PayloadFormat format = UploadQuery.format(exchange.request().uri(), luggage.payload());
    return luggage.open().map(body -> payload(format, body)).compose(this::bring);
  }

  private TelemetryPayload payload(PayloadFormat format, ByteBuf body) {
    return TelemetryPayloads.decode(format, body, caller.id(), now(), limits());
  }

  private Future<Reply> bring(TelemetryPayload payload) {
    Answer accepted = Reply.document(202, encoding, DeviceAnswers.accepted(encoding, payload));
    return atHome(visitor -> visitor.brings(caller, payload))
        .map(next -> Reply.of(inviting(accepted, next)));
  }

  private Future<Reply> ask() {
    return EventStream.isAskedBy(exchange.request().getHeader("Accept")) ? listen() : asked();
  }

  /** Answers by itself from then on; only a refusal comes back. */
  private Future<Reply> listen() {
    Receipt said = Ask.receiptOf(exchange.request().uri());
    EventStream events = new EventStream(exchange);
    return atHome(visitor -> visitor.listens(caller, events, said)).compose(open -> stays(events));
  }

  private Future<Reply> stays(EventStream events) {
    exchange.whenAbandoned(() -> visitors.receive(caller, here, visitor -> visitor.leaves(events)));
    return Promise.<Reply>promise().future();
  }

  private Future<Reply> asked() {
    Ask ask = Ask.of(exchange.request().uri());
    exchange.whenAbandoned(() -> abandon(ask));
    return atHome(visitor -> visitor.asks(caller, ask)).map(this::reply);
  }

  private void abandon(Ask ask) {
    ask.abandon();
    visitors.receive(caller, here, visitor -> visitor.abandons(ask));
  }

  private Future<Reply> exchangeAll() {
    Luggage luggage = luggage();
    Encoding written = luggage.encoding();
    return luggage
        .open()
        .map(body -> ExchangeReader.read(written, body, caller.id(), now(), limits()))
        .compose(brought -> atHome(visitor -> visitor.exchanges(caller, brought)))
        .map(this::reply);
  }

  private Reply reply(Trade.Deal deal) {
    byte[] body = DeviceAnswers.exchanged(encoding, deal.answer());
    Answer answer = Reply.document(200, encoding, body);
    return new Reply(Reply.inviting(answer, deal.taken().next()), deal.taken().unwritten());
  }

  private Reply reply(Pickup.Taken taken) {
    Answer answer =
        taken.commands().isEmpty()
            ? Answer.empty(204)
            : Reply.document(200, encoding, DeviceAnswers.commands(encoding, taken.commands()));
    return new Reply(Reply.inviting(answer, taken.next()), taken.unwritten());
  }

  private Future<Reply> answer(String command) {
    Luggage luggage = luggage();
    Encoding written = luggage.encoding();
    return luggage
        .open()
        .map(body -> DeviceBodies.result(written, body, command, limits()))
        .compose(this::answer);
  }

  private Future<Reply> answer(CommandResult result) {
    return atHome(visitor -> visitor.answers(caller, result))
        .map(next -> Reply.of(inviting(Answer.empty(204), next)));
  }

  private Future<Reply> look() {
    return atHome(visitor -> visitor.looks(caller))
        .map(
            twin -> tagged(Reply.document(200, encoding, DeviceAnswers.twin(encoding, twin)), twin))
        .map(Reply::of);
  }

  private Future<Reply> report() {
    Precondition precondition = Preconditions.of(exchange.request(), REPORTED, "3-17");
    Luggage luggage = luggage();
    Encoding written = luggage.patchEncoding();
    return luggage
        .open()
        .map(body -> DeviceBodies.patch(written, body, limits()))
        .compose(patch -> atHome(visitor -> visitor.reports(caller, patch, precondition)))
        .map(twin -> Reply.of(tagged(Answer.empty(204), twin)));
  }

  private static Answer tagged(Answer answer, Twin twin) {
    return answer.tagged(twin.tag());
  }

  private static Answer inviting(Answer answer, Optional<Planned> next) {
    return next.map(planned -> Reply.inviting(answer, planned)).orElse(answer);
  }

  private <T> Future<T> atHome(Function<Visitor, Future<T>> deed) {
    return exchange.onLoop(visitors.receive(caller, here, deed));
  }

  private Luggage luggage() {
    return new Luggage(exchange, limits().messageBytes());
  }

  private Limits limits() {
    return reception().limits();
  }

  private Reception reception() {
    return visitors.house().reception();
  }

  private long now() {
    return visitors.house().now();
  }
}
