package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.app.DryRun.Outlook;
import io.waybill.app.DryRun.Source;
import io.waybill.clickhouse.Finding;
import io.waybill.clickhouse.TypeCheck;
import java.util.ArrayList;
import java.util.List;

/** What a dry run tells. */
final class DryRunOutput {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DryRunOutput() {}

  static ArrayNode json(List<Outlook> all) {
    ArrayNode flows = JSON.createArrayNode();
    for (Outlook outlook : all) {
      ObjectNode flow = flows.addObject();
      flow.put("flow", outlook.flow());
      flow.put("table", outlook.table().toString());
      flow.put("declaredIn", outlook.file());
      flow.put("wouldStop", outlook.isInTrouble());
      ArrayNode findings = flow.putArray("findings");
      for (Finding finding : outlook.findings()) {
        findings
            .addObject()
            .put("severity", finding.severity().name())
            .put("name", finding.name())
            .put("reason", finding.reason())
            .put("remedy", finding.remedy());
      }
      ArrayNode sources = flow.putArray("sources");
      outlook.sources().forEach(source -> json(source, sources.addObject()));
      outlook.notes().forEach(flow.putArray("notes")::add);
    }
    return flows;
  }

  private static void json(Source source, ObjectNode node) {
    node.put("location", source.location());
    node.put("format", source.format());
    node.put("records", source.records());
    node.put("bytes", source.bytes());
    node.put("batches", source.batches());
    node.put("trouble", source.trouble());
    ArrayNode misfits = node.putArray("misfits");
    for (TypeCheck.Values values : source.misfits()) {
      misfits
          .addObject()
          .put("column", values.column())
          .put("type", values.type())
          .put("what", values.what().name())
          .put("count", values.count());
    }
  }

  static List<String> lines(Outlook outlook) {
    List<String> lines = new ArrayList<>();
    lines.add("%s -> %s (%s)".formatted(outlook.flow(), outlook.table(), outlook.file()));
    for (Finding finding : outlook.findings()) {
      lines.add("  %-4s %s".formatted(finding.severity(), finding.reason()));
      if (!finding.remedy().isEmpty()) {
        lines.add("       remedy: " + finding.remedy());
      }
    }
    outlook.sources().forEach(source -> lines(source, lines));
    outlook.notes().forEach(note -> lines.add("  NOTE " + note));
    return lines;
  }

  private static void lines(Source source, List<String> lines) {
    lines.add(
        "  %s: %s, %s, %s of %s"
            .formatted(
                source.location(),
                Text.count(source.records(), "record"),
                Text.count(source.bytes(), "byte"),
                source.batches() == 1 ? "1 batch" : Text.count(source.batches()) + " batches",
                source.format().isEmpty() ? "no format" : source.format()));
    if (!source.trouble().isEmpty()) {
      lines.add("    STOP " + source.trouble());
    }
    for (TypeCheck.Values values : source.misfits()) {
      lines.add(
          "    WARN %s %s: %s %s"
              .formatted(
                  values.column(),
                  values.type(),
                  Text.count(values.count(), "value"),
                  values.what().words()));
    }
  }
}
