package io.waybill.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What goes with an exported trail: which events are in the file, the hashes that they begin and
 * end with, the digest of the file, and the signed heads of these events. All but the heads, which
 * are signed themselves, is under a seal, so that nobody can make a proof for another file.
 * Immutable.
 */
public final class ExportProof {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VERSION = 1;
  private final String ledger;
  private final String format;
  private final String digest;
  private final long events;
  private final List<Part> parts;
  private final List<SignedHead> heads;
  private final Optional<Seal> seal;

  private ExportProof(
      String ledger,
      String format,
      String digest,
      long events,
      List<Part> parts,
      List<SignedHead> heads,
      Optional<Seal> seal) {
    this.ledger = ledger;
    this.format = format;
    this.digest = digest;
    this.events = events;
    this.parts = List.copyOf(parts);
    this.heads = List.copyOf(heads);
    this.seal = seal;
  }

  /**
   * Events of an epoch.
   *
   * @param before the event before the first one, with its hash
   * @param last the last one
   */
  public record Part(ChainPoint before, ChainPoint last) {}

  /**
   * A proof without seal.
   *
   * @param ledger id of the ledger
   * @param format format of the file
   * @param digest hex SHA-256 of the file
   * @param events how many events are in it
   */
  public static ExportProof of(
      String ledger,
      String format,
      String digest,
      long events,
      List<Part> parts,
      List<SignedHead> heads) {
    return new ExportProof(ledger, format, digest, events, parts, heads, Optional.empty());
  }

  /** The same under a seal. */
  public ExportProof sealed(Instant at, HeadSigner signer) throws SigningException {
    return new ExportProof(
        ledger, format, digest, events, parts, heads, Optional.of(Seal.sign(facts(), at, signer)));
  }

  /** Where the proof of a file is. */
  public static Path beside(Path file) {
    return file.toAbsolutePath().resolveSibling(file.getFileName() + ".proof.json");
  }

  /** Id of the ledger. */
  public String ledger() {
    return ledger;
  }

  /** Format of the file. */
  public String format() {
    return format;
  }

  /** Hex SHA-256 of the file. */
  public String digest() {
    return digest;
  }

  /** How many events are in it. */
  public long events() {
    return events;
  }

  /** What is in it, by epoch. */
  public List<Part> parts() {
    return parts;
  }

  /** Heads that were signed over these events. */
  public List<SignedHead> heads() {
    return heads;
  }

  /** What is wrong with the proof itself; empty if somebody that is vouched for sealed it. */
  public Optional<Finding> objection(TrustedKeys keys) {
    if (seal.isEmpty()) {
      return Optional.of(objection(Finding.Fault.FORGED, "nobody sealed the proof"));
    }
    if (!seal.get().isGenuine(facts())) {
      return Optional.of(
          objection(Finding.Fault.FORGED, "the proof is not the one that was sealed"));
    }
    String key = seal.get().publicKey();
    return keys.has(key)
        ? Optional.empty()
        : Optional.of(
            objection(
                Finding.Fault.UNKNOWN_KEY,
                "the proof was sealed by key %s (%s), which nobody here vouches for; if you know it, give its file by --public-key"
                    .formatted(TrustedKeys.fingerprint(key), seal.get().key())));
  }

  /** A finding that is about all events of the file. */
  public Finding objection(Finding.Fault fault, String text) {
    ChainPoint last =
        parts.isEmpty() ? new ChainPoint(ledger, 1, 0, "") : parts.get(parts.size() - 1).last();
    long first = parts.isEmpty() ? 0 : parts.get(parts.size() - 1).before().seq() + 1;
    return new Finding(ledger, last.epoch(), first, last.seq(), "", fault, text);
  }

  private ObjectNode facts() {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", VERSION);
    json.put("ledger", ledger);
    json.put("format", format);
    json.put("sha256", digest);
    json.put("events", events);
    ArrayNode all = json.putArray("parts");
    for (Part part : parts) {
      ObjectNode each = all.addObject();
      each.put("epoch", part.last().epoch());
      each.put("from", part.before().seq() + 1);
      each.put("to", part.last().seq());
      each.put("previous", part.before().hash());
      each.put("hash", part.last().hash());
    }
    return json;
  }

  /** Writes it. */
  public void write(Path file) throws IOException {
    ObjectNode json = facts();
    ArrayNode signed = json.putArray("heads");
    heads.forEach(head -> signed.add(head.toJson()));
    seal.ifPresent(each -> json.set("seal", each.toJson()));
    Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
  }

  /**
   * Reads a proof.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ExportProof read(Path file) throws IOException {
    JsonNode json;
    try {
      json = JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file + " is no proof of an exported trail");
    }
    if (json.path("version").asInt() != VERSION) {
      throw new IllegalArgumentException(
          file + " is no proof of an exported trail that this Waybill can read");
    }
    List<SignedHead> heads = new ArrayList<>();
    json.path("heads").forEach(head -> heads.add(SignedHead.of(head)));
    return new ExportProof(
        json.path("ledger").asText(),
        json.path("format").asText(),
        json.path("sha256").asText(),
        json.path("events").asLong(),
        parts(json),
        heads,
        json.has("seal") ? Optional.of(Seal.of(json.get("seal"))) : Optional.empty());
  }

  private static List<Part> parts(JsonNode json) {
    String ledger = json.path("ledger").asText();
    List<Part> parts = new ArrayList<>();
    for (JsonNode each : json.path("parts")) {
      int epoch = each.path("epoch").asInt();
      long from = each.path("from").asLong();
      long to = each.path("to").asLong();
      parts.add(
          new Part(
              new ChainPoint(ledger, epoch, from - 1, each.path("previous").asText()),
              new ChainPoint(ledger, epoch, to, each.path("hash").asText())));
    }
    return parts;
  }
}
