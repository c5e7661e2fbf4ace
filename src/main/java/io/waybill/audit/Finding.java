package io.waybill.audit;

/**
 * Something that is wrong with a copy of the trail.
 *
 * @param ledger id of the ledger
 * @param epoch its epoch
 * @param from number of the first event that it is about
 * @param to number of the last one
 * @param kind label of the event's kind; empty if it is not there to ask
 * @param fault what is wrong, in a word
 * @param text what is wrong, in words
 */
public record Finding(
    String ledger, int epoch, long from, long to, String kind, Fault fault, String text) {

  /** What can be wrong. */
  public enum Fault {
    /** It is not what it was when it was written. */
    CHANGED("changed"),
    /** It is not there. */
    REMOVED("removed"),
    /** It stands elsewhere. */
    REORDERED("reordered"),
    /** It was put in between. */
    INSERTED("inserted"),
    /** The end is missing. */
    TRUNCATED("truncated"),
    /** It is no event. */
    UNREADABLE("unreadable"),
    /** Its content was taken away, and no retention did it. */
    EMPTIED("emptied"),
    /** A signature is not that of what was signed. */
    FORGED("forged"),
    /** A signature is by a key that nobody here vouches for. */
    UNKNOWN_KEY("unknown-key");

    private final String label;

    Fault(String label) {
      this.label = label;
    }

    /** As it is shown. */
    public String label() {
      return label;
    }
  }

  @Override
  public String toString() {
    return "%s: ledger %s, epoch %d, event%s%s: %s"
        .formatted(
            fault.label(),
            ledger,
            epoch,
            from == to ? " " + from : "s " + from + " to " + to,
            kind.isEmpty() ? "" : " (" + kind + ")",
            text);
  }
}
