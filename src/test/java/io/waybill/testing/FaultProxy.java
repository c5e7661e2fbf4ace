package io.waybill.testing;

import io.waybill.testing.fault.Conversation;
import io.waybill.testing.fault.Exchange;
import io.waybill.testing.fault.Fault;
import io.waybill.testing.fault.FaultScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between Waybill and a real ClickHouse, on a free port of this machine, plays the faults of
 * a script on the requests, and writes down what it saw. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
  private static final Duration REFUSING = Duration.ofMillis(400);
  private static final Duration REOPEN = Duration.ofMillis(5);
  private volatile InetSocketAddress server;
  private final FaultScript script;
  private final Set<Conversation> conversations = ConcurrentHashMap.newKeySet();
  private final List<Exchange> exchanges = new ArrayList<>(); // guarded by itself
  private final AtomicInteger closeOnAccept = new AtomicInteger();
  private final int port;
  private volatile ServerSocket listening;
  private volatile boolean refusing;
  private volatile boolean closed;

  private FaultProxy(InetSocketAddress server, FaultScript script) throws IOException {
    this.server = server;
    this.script = script;
    this.listening = listen(0);
    this.port = listening.getLocalPort();
  }

  /**
   * Starts a proxy.
   *
   * @param url HTTP address of the server behind it
   */
  public static FaultProxy start(String url, FaultScript script) {
    URI uri = URI.create(url);
    try {
      FaultProxy proxy =
          new FaultProxy(new InetSocketAddress(uri.getHost(), uri.getPort()), script);
      daemon(proxy::acceptAll);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends new conversations to another server, such as the same one after a restart. */
  public void retarget(String url) {
    URI uri = URI.create(url);
    server = new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  /** Its HTTP address. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Every exchange that is over. */
  public List<Exchange> exchanges() {
    synchronized (exchanges) {
      return List.copyOf(exchanges);
    }
  }

  /** The faults that were really played, in the order of their ends. */
  public List<Fault> played() {
    return exchanges().stream().filter(Exchange::isPlayed).map(Exchange::fault).toList();
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "fault-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    while (!closed) {
      try {
        accept(listening.accept());
      } catch (IOException e) {
        // somebody closed the listening socket: for good, or to refuse for a while
        if (refusing) {
          LockSupport.parkNanos(REFUSING.toNanos());
          reopen();
        }
      }
    }
  }

  private void accept(Socket accepted) throws IOException {
    if (closeOnAccept.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      accepted.close();
      return;
    }
    Conversation conversation = new Conversation(accepted, server, script, new Told());
    conversations.add(conversation);
    daemon(conversation);
  }

  private void reopen() {
    while (refusing && !closed) {
      try {
        reopenOnce();
      } catch (IOException stillTaken) {
        LockSupport.parkNanos(REOPEN.toNanos());
      }
    }
  }

  private synchronized void reopenOnce() throws IOException {
    listening = listen(port);
    refusing = false;
  }

  private synchronized void refuse() throws IOException {
    refusing = true;
    listening.close();
    for (Conversation conversation : conversations) {
      conversation.resetIfIdle();
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      listening.close();
      for (Conversation conversation : conversations) {
        conversation.reset();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the conversations tell. */
  private final class Told implements Conversation.Listener {
    @Override
    public void begun(Fault fault) {
      if (fault == Fault.CLOSE_ON_ACCEPT) {
        closeOnAccept.incrementAndGet();
      } else if (fault == Fault.REFUSE) {
        try {
          refuse();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    @Override
    public void over(Exchange exchange) {
      synchronized (exchanges) {
        exchanges.add(exchange);
      }
    }

    @Override
    public void ended(Conversation conversation) {
      conversations.remove(conversation);
    }
  }
}
