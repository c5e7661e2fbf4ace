package io.waybill.testing.fault;

/**
 * What the proxy saw of one request, written down when it is over.
 *
 * @param request the request
 * @param fault what it met
 * @param digest hex SHA-256 of its body; empty if it was not read to its end
 * @param status status that the server answered; 0 if it was not asked or did not answer
 * @param broken how it broke where no fault wanted it; empty if it did not
 */
public record Exchange(Request request, Fault fault, String digest, int status, String broken) {

  /** Whether the fault was really played. */
  public boolean isPlayed() {
    return fault != Fault.NONE && broken.isEmpty();
  }
}
