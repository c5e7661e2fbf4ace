package io.waybill.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An event in its place: numbered, chained, and written as one line of JSON.
 *
 * <p>Its hash is the SHA-256 of the canonical JSON of its head, which are {@link #HEAD} and {@code
 * content}, the SHA-256 of the canonical JSON of all its other fields. So an event whose content
 * was pruned can still be verified by its head.
 *
 * @param point its number and hash
 * @param kind label of its kind
 * @param line what is stored and sent, without line end
 */
public record SealedEvent(ChainPoint point, String kind, String line) {
  /** The field that stands for all that was pruned of an event. */
  static final String CONTENT = "content";

  /** What is left of an event when its content is pruned, beside its content's hash. */
  static final List<String> HEAD =
      List.of(
          AuditField.TIME.column(),
          AuditField.LEDGER.column(),
          AuditField.EPOCH.column(),
          AuditField.SEQ.column(),
          AuditField.KIND.column(),
          AuditField.PREVIOUS.column());

  private static final String HASH = AuditField.HASH.column();
  private static final Set<String> NOT_CONTENT =
      Set.of(
          AuditField.TIME.column(),
          AuditField.LEDGER.column(),
          AuditField.EPOCH.column(),
          AuditField.SEQ.column(),
          AuditField.KIND.column(),
          AuditField.PREVIOUS.column(),
          HASH,
          CONTENT);

  /**
   * Gives an event its place behind another one.
   *
   * @param host host that Waybill runs on
   * @param version its version
   */
  public static SealedEvent seal(AuditEvent event, ChainPoint before, String host, String version) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(AuditField.TIME.column(), AuditTime.text(event.at()));
    json.put(AuditField.LEDGER.column(), before.ledger());
    json.put(AuditField.EPOCH.column(), before.epoch());
    json.put(AuditField.SEQ.column(), before.seq() + 1);
    json.put(AuditField.KIND.column(), event.kind().label());
    putFields(json, event.fields());
    json.put(AuditField.HOST.column(), host);
    json.put(AuditField.WAYBILL_VERSION.column(), version);
    json.put(AuditField.PREVIOUS.column(), before.hash());
    String hash = hash(json, content(json));
    json.put(HASH, hash);
    return new SealedEvent(
        new ChainPoint(before.ledger(), before.epoch(), before.seq() + 1, hash),
        event.kind().label(),
        json.toString());
  }

  private static void putFields(ObjectNode json, Map<AuditField, Object> fields) {
    for (Map.Entry<AuditField, Object> field : fields.entrySet()) {
      String name = field.getKey().column();
      if (field.getValue() instanceof String text) {
        json.put(name, text);
      } else if (field.getValue() instanceof Long number) {
        json.put(name, number);
      } else {
        ArrayNode list = json.putArray(name);
        ((List<?>) field.getValue()).forEach(each -> list.add((String) each));
      }
    }
  }

  /** Hash of all but the head. */
  static String content(ObjectNode json) {
    return CanonicalJson.sha256(CanonicalJson.of(json, NOT_CONTENT));
  }

  /** Hash of the event whose content has this hash. */
  static String hash(ObjectNode json, String content) {
    ObjectNode head = JsonNodeFactory.instance.objectNode();
    HEAD.forEach(name -> head.set(name, json.get(name)));
    head.put(CONTENT, content);
    return CanonicalJson.sha256(CanonicalJson.of(head, Set.of()));
  }
}
