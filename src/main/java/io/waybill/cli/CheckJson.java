package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.app.Check;
import io.waybill.camel.RouteProblem;
import io.waybill.clickhouse.Finding;
import io.waybill.clickhouse.TypeCheck;
import io.waybill.vault.Vault;
import java.util.List;

/** What {@code check} saw, as JSON. */
final class CheckJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CheckJson() {}

  /** As one object. */
  static ObjectNode of(CheckCommand.Seen seen) {
    ObjectNode root = JSON.createObjectNode();
    seen.plainSecrets().forEach(root.putArray("plainSecrets")::add);
    seen.vault().ifPresent(status -> root.set("vault", of(status)));
    root.putObject("policy")
        .put("present", seen.policy().isPresent())
        .put("hash", seen.policy().hash());
    seen.grants().forEach(root.putArray("grants")::add);
    flows(seen.flows(), root.putArray("flows"));
    problems(seen.problems(), root.putArray("problems"));
    seen.types().ifPresent(report -> root.set("types", of(report)));
    return root;
  }

  private static ObjectNode of(Vault.Status status) {
    return JSON.createObjectNode()
        .put("address", status.address())
        .put("auth", status.auth())
        .put("trouble", status.trouble())
        .put("expires", status.expires().map(Object::toString).orElse(null));
  }

  private static void flows(List<Check.Flow> flows, ArrayNode all) {
    for (Check.Flow each : flows) {
      ObjectNode node = all.addObject();
      node.put("flow", each.name());
      node.put("table", each.table().map(Object::toString).orElse(null));
      node.put("declaredIn", each.file());
      node.put("held", each.isHeld());
      ArrayNode findings = node.putArray("findings");
      for (Finding finding : each.findings()) {
        findings
            .addObject()
            .put("severity", finding.severity().name())
            .put("code", finding.code())
            .put("name", finding.name())
            .put("reason", finding.reason())
            .put("remedy", finding.remedy());
      }
    }
  }

  private static void problems(List<RouteProblem> problems, ArrayNode broken) {
    for (RouteProblem problem : problems) {
      broken
          .addObject()
          .put("file", problem.file())
          .put("line", problem.line())
          .put("column", problem.column())
          .put("reason", problem.reason());
    }
  }

  private static ObjectNode of(TypeCheck.Report report) {
    ObjectNode node = JSON.createObjectNode();
    node.put("records", report.records());
    ArrayNode all = node.putArray("values");
    for (TypeCheck.Values values : report.values()) {
      ObjectNode each = all.addObject();
      each.put("column", values.column());
      each.put("type", values.type());
      each.put("what", values.what().name());
      each.put("count", values.count());
      ArrayNode records = each.putArray("firstRecords");
      values.firstRecords().forEach(records::add);
    }
    report.notCompared().forEach(node.putArray("notCompared")::add);
    report.unread().forEach(node.putArray("unread")::add);
    return node;
  }
}
