package io.waybill.ledger;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Who writes a ledger, as its audit events say.
 *
 * @param host host that Waybill runs on
 * @param version Waybill's version
 */
public record Origin(String host, String version) {

  /** This program, on a host with this name; its own name if that is empty. */
  public static Origin on(String host) {
    return host.isEmpty() ? here() : new Origin(host, here().version());
  }

  /** This host and this program. */
  public static Origin here() {
    String version =
        Optional.ofNullable(Origin.class.getPackage().getImplementationVersion())
            .orElse("development");
    return new Origin(hostName(), version);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // a host whose own name does not resolve still has one
      return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("unknown");
    }
  }
}
