package io.waybill.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A signed statement that the chain of a ledger was at this event, with this hash, at this time:
 * whoever has it can tell later whether anything up to there was changed, removed or cut off.
 * Immutable.
 *
 * @param ledger id of the ledger
 * @param epoch its epoch
 * @param from number of the first event of the epoch that has a hash
 * @param seq number of the event
 * @param hash its hash
 * @param time when it was signed, as events write it
 * @param key name of the key, for people
 * @param publicKey base64 of the Ed25519 public key, as X.509 writes it
 * @param signature base64
 */
public record SignedHead(
    String ledger,
    int epoch,
    long from,
    long seq,
    String hash,
    String time,
    String key,
    String publicKey,
    String signature) {
  private static final String PURPOSE = "waybill-audit-head";

  /**
   * Signs how far a chain is.
   *
   * @throws SigningException if the key cannot be used now
   */
  public static SignedHead sign(ChainPoint point, long from, Instant at, HeadSigner signer)
      throws SigningException {
    SignedHead unsigned =
        new SignedHead(
            point.ledger(),
            point.epoch(),
            from,
            point.seq(),
            point.hash(),
            AuditTime.text(at),
            "",
            "",
            "");
    HeadSigner.Signed signed = signer.sign(unsigned.statement());
    return new SignedHead(
        unsigned.ledger,
        unsigned.epoch,
        unsigned.from,
        unsigned.seq,
        unsigned.hash,
        unsigned.time,
        signed.key(),
        signed.publicKey(),
        signed.signature());
  }

  /** What is signed: canonical JSON in UTF-8. */
  byte[] statement() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("purpose", PURPOSE);
    putHead(json);
    return CanonicalJson.of(json, Set.of()).getBytes(StandardCharsets.UTF_8);
  }

  private void putHead(ObjectNode json) {
    json.put("ledger", ledger);
    json.put("epoch", epoch);
    json.put("from", from);
    json.put("seq", seq);
    json.put("hash", hash);
    json.put("time", time);
  }

  /** Whether the signature is that of this statement by this key, whoever has it. */
  public boolean isGenuine() {
    return Ed25519.verify(publicKey, statement(), signature);
  }

  /** How the trail tells of it. */
  public AuditEvent event() {
    return AuditEvent.of(AuditKind.HEAD, Instant.parse(time))
        .with(AuditField.SOURCE, key)
        .with(AuditField.POSITION_FROM, from)
        .with(AuditField.POSITION_TO, seq)
        .with(AuditField.DIGEST, hash)
        .with(AuditField.SIGNATURE, signature)
        .with(AuditField.PUBLIC_KEY, publicKey)
        .with(AuditField.OUTCOME, "signed")
        .build();
  }

  /** The head that an event tells of, if it is of that kind and has its content. */
  public static Optional<SignedHead> of(ChainEntry entry) {
    if (!entry.kind().equals(AuditKind.HEAD.label()) || entry.isPruned()) {
      return Optional.empty();
    }
    return Optional.of(
        new SignedHead(
            entry.ledger(),
            entry.epoch(),
            entry.number(AuditField.POSITION_FROM),
            entry.number(AuditField.POSITION_TO),
            entry.text(AuditField.DIGEST),
            entry.time(),
            entry.text(AuditField.SOURCE),
            entry.text(AuditField.PUBLIC_KEY),
            entry.text(AuditField.SIGNATURE)));
  }

  /** As JSON, to be kept elsewhere. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    putHead(json);
    json.put("key", key);
    json.put("public_key", publicKey);
    json.put("signature", signature);
    return json;
  }

  /** The head that {@link #toJson} wrote; what is missing is empty, so that it is not genuine. */
  public static SignedHead of(JsonNode json) {
    return new SignedHead(
        json.path("ledger").asText(),
        json.path("epoch").asInt(),
        json.path("from").asLong(),
        json.path("seq").asLong(),
        json.path("hash").asText(),
        json.path("time").asText(),
        json.path("key").asText(),
        json.path("public_key").asText(),
        json.path("signature").asText());
  }
}
