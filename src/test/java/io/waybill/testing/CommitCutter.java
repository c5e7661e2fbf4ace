package io.waybill.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between a client and a PostgreSQL and cuts the connection at a COMMIT, once when it is
 * told to: before the server gets it, or when the server has answered it.
 */
public final class CommitCutter implements AutoCloseable {
  /** Where to cut. */
  public enum Cut {
    NOWHERE,
    BEFORE_COMMIT,
    BEFORE_ANSWER
  }

  private static final int CHUNK = 1 << 16;
  private final ServerSocket door;
  private final int server;
  private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NOWHERE);

  private CommitCutter(ServerSocket door, int server) {
    this.door = door;
    this.server = server;
  }

  /** Stands before a server on this host. */
  public static CommitCutter before(int server) {
    try {
      CommitCutter cutter =
          new CommitCutter(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()), server);
      spawn(cutter::accept);
      return cutter;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return door.getLocalPort();
  }

  /** Cuts the next COMMIT that comes by. */
  public void arm(Cut cut) {
    next.set(cut);
  }

  /** Whether what it was told has happened. */
  public boolean hasCut() {
    return next.get() == Cut.NOWHERE;
  }

  private static void spawn(Runnable work) {
    Thread thread = new Thread(work, "commit-cutter");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      for (; ; ) {
        new Conversation(door.accept(), new Socket(InetAddress.getLoopbackAddress(), server))
            .start();
      }
    } catch (IOException e) {
      // closed, or no server is there: whoever connects sees it
    }
  }

  private final class Conversation {
    private final Socket client;
    private final Socket backend;
    private volatile boolean swallowing;

    Conversation(Socket client, Socket backend) {
      this.client = client;
      this.backend = backend;
    }

    void start() {
      spawn(this::up);
      spawn(this::down);
    }

    private void up() {
      try (client;
          backend;
          InputStream in = client.getInputStream();
          OutputStream out = backend.getOutputStream()) {
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
          if (new String(chunk, 0, n, StandardCharsets.ISO_8859_1).contains("COMMIT\0")) {
            switch (next.getAndSet(Cut.NOWHERE)) {
              case BEFORE_COMMIT -> {
                return;
              }
              case BEFORE_ANSWER -> swallowing = true;
              case NOWHERE -> {}
            }
          }
          out.write(chunk, 0, n);
          out.flush();
        }
      } catch (IOException e) {
        // the other direction has ended it
      }
    }

    private void down() {
      try (client;
          backend;
          InputStream in = backend.getInputStream();
          OutputStream out = client.getOutputStream()) {
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0 && !swallowing; n = in.read(chunk)) {
          out.write(chunk, 0, n);
          out.flush();
        }
      } catch (IOException e) {
        // the other direction has ended it
      }
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
