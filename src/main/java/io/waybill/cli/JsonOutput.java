package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.BatchRow;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.KillSwitchRow;
import io.waybill.ledger.PolicyFileRow;
import io.waybill.ledger.RouteFileRow;
import io.waybill.ledger.RunRow;
import io.waybill.ledger.TriggerRow;
import io.waybill.ledger.UpstreamRow;
import io.waybill.policy.Identity;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;

/** The listings as JSON. Times are ISO 8601 in UTC, durations milliseconds, sizes bytes. */
final class JsonOutput {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonOutput() {}

  static void print(PrintWriter out, Object node) {
    out.println(node);
    out.flush();
  }

  static ObjectNode caller(Identity who, boolean policy, Collection<String> roles) {
    ObjectNode node = JSON.createObjectNode();
    node.put("name", who.name());
    node.put("source", who.source());
    node.put("policy", policy);
    ArrayNode all = node.putArray("roles");
    roles.forEach(all::add);
    return node;
  }

  static ObjectNode flows(
      List<FlowRow> flows, List<RouteFileRow> files, List<UpstreamRow> upstreams, boolean serving) {
    ObjectNode node = JSON.createObjectNode();
    node.put("serving", serving);
    node.set("flows", flows(flows, serving));
    node.set("routeFiles", routeFiles(files));
    ArrayNode waits = node.putArray("upstreams");
    for (UpstreamRow each : upstreams) {
      ObjectNode wait = waits.addObject();
      wait.put("flow", each.flow());
      wait.put("upstream", each.upstream());
      wait.put("when", each.anyEnd() ? "any" : "completed");
      wait.put("mode", each.all() ? "all" : "any");
      wait.put("withinMillis", each.within().toMillis());
      wait.put("isNew", each.isNew());
      wait.put("state", each.state());
      wait.put("cause", each.cause());
    }
    return node;
  }

  /** Adds what the policy says now. */
  static void policies(ObjectNode node, List<PolicyFileRow> policies, List<KillSwitchRow> kills) {
    ArrayNode all = node.putArray("policies");
    for (PolicyFileRow policy : policies) {
      all.addObject()
          .put("digest", policy.digest())
          .put("loadedAt", policy.loaded().map(Object::toString).orElse(null))
          .put("refusedDigest", policy.refusal().map(RouteFileRow.Refusal::digest).orElse(""))
          .put("reason", policy.refusal().map(RouteFileRow.Refusal::reason).orElse(""));
    }
    ArrayNode on = node.putArray("killSwitches");
    for (KillSwitchRow kill : kills) {
      on.addObject()
          .put(kill.environment() ? "environment" : "flow", kill.name())
          .put("by", kill.by())
          .put("since", kill.since().toString())
          .put("reason", kill.reason());
    }
  }

  private static ArrayNode routeFiles(List<RouteFileRow> files) {
    ArrayNode all = JSON.createArrayNode();
    for (RouteFileRow file : files) {
      ObjectNode node = all.addObject();
      node.put("file", file.name());
      node.put("digest", file.digest());
      node.put("loadedAt", file.loaded().map(Object::toString).orElse(null));
      file.flows().forEach(node.putArray("flows")::add);
      node.put("refusedDigest", file.refusal().map(RouteFileRow.Refusal::digest).orElse(""));
      node.put("reason", file.refusal().map(RouteFileRow.Refusal::reason).orElse(""));
      node.put("refusedAt", file.refusal().map(refusal -> refusal.since().toString()).orElse(null));
    }
    return all;
  }

  private static ArrayNode flows(List<FlowRow> flows, boolean serving) {
    ArrayNode all = JSON.createArrayNode();
    for (FlowRow flow : flows) {
      ObjectNode node = all.addObject();
      node.put("flow", flow.name());
      node.put("table", flow.target().map(Object::toString).orElse(null));
      node.put("declaredIn", flow.declaredIn());
      node.put("state", FlowsCommand.state(flow, serving));
      node.put("reason", flow.hold().map(FlowRow.Hold::reason).orElse(""));
      node.put("remedy", flow.hold().map(FlowRow.Hold::remedy).orElse(""));
      node.put("heldSince", flow.hold().map(hold -> hold.since().toString()).orElse(null));
      node.put("pausedBy", flow.pause().map(FlowRow.Pause::by).orElse(""));
      node.put("pausedSince", flow.pause().map(pause -> pause.since().toString()).orElse(null));
      node.put("schedule", flow.schedule());
      node.put("nextDueAt", flow.nextDue().map(Object::toString).orElse(null));
      node.set("lastRun", flow.lastRun().map(JsonOutput::run).orElse(null));
    }
    return all;
  }

  static ArrayNode runs(List<RunRow> runs) {
    ArrayNode all = JSON.createArrayNode();
    runs.forEach(run -> all.add(run(run)));
    return all;
  }

  static ObjectNode run(RunRow run) {
    ObjectNode node = JSON.createObjectNode();
    node.put("run", run.id());
    node.put("flow", run.flow());
    node.put("source", run.source());
    node.put("generation", run.generation());
    node.put("location", run.location());
    node.put("table", run.target().toString());
    node.put("state", run.state().label());
    node.put("reason", run.reason());
    node.put("remedy", run.remedy());
    node.put("startedAt", run.started().toString());
    node.put("endedAt", run.ended().map(Object::toString).orElse(null));
    node.put("firstPlannedAt", run.firstPlanned().map(Object::toString).orElse(null));
    node.put("lastSettledAt", run.lastSettled().map(Object::toString).orElse(null));
    node.put("movedMillis", run.movedFor().toMillis());
    node.put("rows", run.rows());
    node.put("bytes", run.bytes());
    node.put("batches", run.batches());
    node.put("inDoubtBatches", run.inDoubtBatches());
    node.put("deadRows", run.deadRows());
    node.put("deadBatches", run.deadBatches());
    node.put("attempts", run.attempts());
    node.put("trigger", run.trigger());
    return node;
  }

  static ArrayNode triggers(List<TriggerRow> triggers) {
    ArrayNode all = JSON.createArrayNode();
    triggers.forEach(trigger -> all.add(trigger(trigger)));
    return all;
  }

  private static ObjectNode trigger(TriggerRow trigger) {
    ObjectNode node = JSON.createObjectNode();
    node.put("trigger", trigger.id());
    node.put("flow", trigger.flow());
    node.put("kind", trigger.kind().label());
    node.put("dueAt", trigger.due().toString());
    trigger.parameters().forEach(node.putObject("parameters")::put);
    node.put("by", trigger.by());
    node.put("state", trigger.state().label());
    node.put("reason", trigger.reason());
    node.put("createdAt", trigger.created().toString());
    node.put("startedAt", trigger.started().map(Object::toString).orElse(null));
    node.put("endedAt", trigger.ended().map(Object::toString).orElse(null));
    node.put("parent", trigger.parent());
    node.put("attempts", trigger.attempts());
    return node;
  }

  /** A trigger with its runs and, of a backfill, its parts. */
  static ObjectNode details(TriggerRow trigger, List<RunRow> runs, List<TriggerRow> parts) {
    ObjectNode node = trigger(trigger);
    node.set("runs", runs(runs));
    node.set("parts", triggers(parts));
    return node;
  }

  static ObjectNode details(RunRow run, List<BatchRow> batches, List<DeadLetterRow> letters) {
    ObjectNode node = run(run);
    ArrayNode all = node.putArray("batchList");
    for (BatchRow batch : batches) {
      ObjectNode each = all.addObject();
      each.put("batch", batch.id());
      each.put("queryId", batch.id());
      each.put("state", batch.state().label());
      each.put("from", batch.position().from());
      each.put("to", batch.position().to());
      each.put("firstRecord", batch.position().firstRecord());
      each.put("rows", batch.rows());
      each.put("deadRows", batch.deadRows());
      each.put("parent", batch.parent());
      each.put("bytes", batch.bytes());
      each.put("digest", batch.digest());
      each.put("token", batch.token());
      each.put("attempts", batch.attempts());
      each.put("plannedAt", batch.planned().toString());
      each.put("settledAt", batch.settled().map(Object::toString).orElse(null));
      each.put("elapsedMillis", batch.elapsed().map(time -> time.toMillis()).orElse(null));
      each.put("errorCode", batch.errorCode());
      each.put("errorName", batch.errorName());
      each.put("reason", batch.reason());
      each.put("clickHouseHost", batch.server());
      each.put("clickHouseUser", batch.user());
    }
    ArrayNode dead = node.putArray("deadLetters");
    letters.forEach(letter -> dead.add(DeadLetterJson.letter(letter)));
    return node;
  }
}
