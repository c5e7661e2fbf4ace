package io.waybill.traces;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Failure;
import io.waybill.delivery.InsertWatch;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunListener;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A span for each run, in it one for each batch that is sent, and in that one for each attempt to
 * insert it, whose ids go into the query's log_comment. Nothing of a row is in them. Thread-safe.
 */
public final class RunTraces implements RunListener, InsertWatch {
  private static final AttributeKey<String> FLOW = AttributeKey.stringKey("waybill.flow");
  private static final AttributeKey<String> RUN = AttributeKey.stringKey("waybill.run");
  private static final AttributeKey<String> BATCH = AttributeKey.stringKey("waybill.batch");
  private static final AttributeKey<String> TABLE = AttributeKey.stringKey("waybill.table");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("waybill.outcome");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("waybill.error");
  private static final AttributeKey<Long> ROWS = AttributeKey.longKey("waybill.rows");
  private static final AttributeKey<Long> BYTES = AttributeKey.longKey("waybill.bytes");
  private static final AttributeKey<Long> DEAD = AttributeKey.longKey("waybill.dead_rows");
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("waybill.attempt");
  private final Tracer tracer;
  private final Map<String, Span> runs = new ConcurrentHashMap<>();
  private final Map<String, Span> batches = new ConcurrentHashMap<>();

  RunTraces(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  public void begun(Run run, Unit unit, String location, boolean resumed) {
    runs.computeIfAbsent(
        run.id(),
        id ->
            tracer
                .spanBuilder("run")
                .setNoParent()
                .setAttribute(FLOW, run.flow())
                .setAttribute(RUN, id)
                .setAttribute(TABLE, unit.target().toString())
                .startSpan());
  }

  @Override
  public void unchanged(Run run, Unit unit, String location) {
    // nothing was moved
  }

  @Override
  public void read(Run run, double fraction) {
    // batches tell what was read
  }

  @Override
  public void sending(BatchPlan plan) {
    Span span =
        below(runs.get(plan.run()), tracer.spanBuilder("batch"))
            .setAttribute(FLOW, plan.flow())
            .setAttribute(RUN, plan.run())
            .setAttribute(BATCH, plan.id())
            .setAttribute(TABLE, plan.shape().table().toString())
            .setAttribute(ROWS, plan.rows())
            .setAttribute(BYTES, plan.bytes())
            .startSpan();
    batches.put(plan.id(), span);
  }

  private static SpanBuilder below(Span parent, SpanBuilder builder) {
    return parent == null ? builder.setNoParent() : builder.setParent(Context.root().with(parent));
  }

  @Override
  public void settled(Waybill waybill) {
    Span span = batches.get(waybill.plan().id());
    if (span != null) {
      span.setAttribute(OUTCOME, waybill.state().label());
      span.setAttribute(DEAD, waybill.deadRows());
    }
  }

  @Override
  public void sent(BatchPlan plan) {
    batches.remove(plan.id()).end();
  }

  @Override
  public void ended(Run run, RunState state, String reason, String remedy) {
    Span span = runs.remove(run.id());
    if (span == null) {
      return;
    }
    span.setAttribute(OUTCOME, state.label());
    if (state == RunState.FAILED || state == RunState.HELD) {
      span.setStatus(StatusCode.ERROR, reason);
    }
    span.end();
  }

  @Override
  public InsertWatch.Attempt begun(BatchPlan plan, int attempt) {
    Span batch = batches.get(plan.id());
    if (batch == null) {
      return InsertWatch.Attempt.UNSEEN; // the audit trail, which is no flow's
    }
    Span span =
        below(batch, tracer.spanBuilder("insert"))
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(BATCH, plan.id())
            .setAttribute(ATTEMPT, (long) attempt)
            .startSpan();
    return new Insert(span);
  }

  /** An attempt to insert. */
  private record Insert(Span span) implements InsertWatch.Attempt {
    @Override
    public Map<String, String> papers() {
      SpanContext context = span.getSpanContext();
      return Map.of("trace_id", context.getTraceId(), "span_id", context.getSpanId());
    }

    @Override
    public void ended(Optional<Failure> failure) {
      failure.ifPresent(
          why -> {
            span.setAttribute(ERROR, why.name());
            span.setStatus(StatusCode.ERROR, why.summary());
          });
      span.end();
    }
  }
}
