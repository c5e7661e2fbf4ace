package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.DeadLetterGroup;
import io.waybill.ledger.DeadLetterRow;
import java.util.List;

/** Dead letters as JSON. */
final class DeadLetterJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DeadLetterJson() {}

  static ObjectNode list(List<DeadLetterGroup> groups, List<DeadLetterRow> letters) {
    ObjectNode node = JSON.createObjectNode();
    ArrayNode counted = node.putArray("groups");
    for (DeadLetterGroup group : groups) {
      ObjectNode each = counted.addObject();
      each.put("count", group.count());
      each.put("flow", group.flow());
      each.put("table", group.table());
      each.put("errorCode", group.errorCode());
      each.put("errorName", group.errorName());
      each.put("column", group.column());
      each.put("runs", group.runs());
      each.put("firstSeenAt", group.firstSeen().toString());
      each.put("lastSeenAt", group.lastStored().toString());
    }
    ArrayNode listed = node.putArray("deadLetters");
    letters.forEach(letter -> listed.add(letter(letter)));
    return node;
  }

  static ObjectNode letter(DeadLetterRow letter) {
    ObjectNode each = JSON.createObjectNode();
    each.put("deadLetter", letter.id());
    each.put("state", letter.state().label());
    each.put("flow", letter.flow());
    each.put("run", letter.run());
    each.put("batch", letter.batch());
    each.put("table", letter.table());
    each.put("format", letter.format());
    each.put("source", letter.source());
    each.put("location", letter.location());
    each.put("record", letter.record());
    each.put("line", letter.line());
    each.put("byte", letter.sourceOffset());
    each.put("column", letter.column());
    each.put("errorCode", letter.errorCode());
    each.put("errorName", letter.errorName());
    each.put("reason", letter.reason());
    each.put("remedy", letter.remedy());
    each.put("firstSeenAt", letter.firstSeen().toString());
    each.put("lastSeenAt", letter.stored().toString());
    each.put("file", letter.file());
    each.put("fileOffset", letter.fileOffset());
    each.put("bytes", letter.bytes());
    each.put("settledAt", letter.settled().map(Object::toString).orElse(null));
    each.put("settledBy", letter.settledBy());
    each.put("note", letter.note());
    return each;
  }
}
