package io.waybill.web;

import java.util.Optional;

/**
 * Where the management port is, and who may use it.
 *
 * @param host address to listen at
 * @param port port; 0 for a free one
 * @param asked whether somebody asked for this very port; if not, another will do
 * @param token what every request must bring; empty for none
 */
public record ManagementSettings(String host, int port, boolean asked, Optional<String> token) {

  /** Without the token. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
