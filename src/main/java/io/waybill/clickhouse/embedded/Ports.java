package io.waybill.clickhouse.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of the loopback. */
final class Ports {
  private Ports() {}

  /** {@code wanted} if nobody listens there, else a free one; 0 wants none. */
  static int free(int wanted) throws IOException {
    try {
      return bind(wanted);
    } catch (IOException taken) {
      return bind(0);
    }
  }

  private static int bind(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      // as ClickHouse does, so that connections of the server before, still in TIME_WAIT, do not
      // look like a taken port
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return socket.getLocalPort();
    }
  }
}
