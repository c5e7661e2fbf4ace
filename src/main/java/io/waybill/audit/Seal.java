package io.waybill.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;

/**
 * A signature over what a proof says. Immutable.
 *
 * @param time when it was signed, as events write it
 * @param key name of the key, for people
 * @param publicKey base64 of the Ed25519 public key, as X.509 writes it
 * @param signature base64
 */
record Seal(String time, String key, String publicKey, String signature) {
  private static final String PURPOSE = "waybill-audit-export";

  static Seal sign(ObjectNode facts, Instant at, HeadSigner signer) throws SigningException {
    String time = AuditTime.text(at);
    HeadSigner.Signed signed = signer.sign(statement(facts, time));
    return new Seal(time, signed.key(), signed.publicKey(), signed.signature());
  }

  /** Whether it is a signature over these facts by its key, whoever has that. */
  boolean isGenuine(ObjectNode facts) {
    return Ed25519.verify(publicKey, statement(facts, time), signature);
  }

  private static byte[] statement(ObjectNode facts, String time) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("purpose", PURPOSE);
    json.put("time", time);
    json.put("facts", CanonicalJson.sha256(CanonicalJson.of(facts, Set.of())));
    return CanonicalJson.of(json, Set.of()).getBytes(StandardCharsets.UTF_8);
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("time", time);
    json.put("key", key);
    json.put("public_key", publicKey);
    json.put("signature", signature);
    return json;
  }

  static Seal of(JsonNode json) {
    return new Seal(
        json.path("time").asText(),
        json.path("key").asText(),
        json.path("public_key").asText(),
        json.path("signature").asText());
  }
}
