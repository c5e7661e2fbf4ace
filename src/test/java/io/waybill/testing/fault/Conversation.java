package io.waybill.testing.fault;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/** The requests of one connection, one after the other. */
public final class Conversation implements Runnable {
  private static final int MOST_CUT = 60_000;

  /** What the proxy has to be told. */
  public interface Listener {
    /** This fault is about to be played and concerns more than this connection. */
    void begun(Fault fault);

    /** An exchange is over. */
    void over(Exchange exchange);

    /** The connection is closed. */
    void ended(Conversation conversation);
  }

  private final Wire client;
  private final InetSocketAddress server;
  private final FaultScript script;
  private final Listener listener;
  private boolean busy; // guarded by this
  private boolean reset; // guarded by this

  /** A conversation over this accepted connection, with this server behind. */
  public Conversation(
      Socket accepted, InetSocketAddress server, FaultScript script, Listener listener)
      throws IOException {
    this.client = new Wire(accepted);
    this.server = server;
    this.script = script;
    this.listener = listener;
  }

  @Override
  public void run() {
    try (client) {
      boolean keep = true;
      while (keep) {
        Optional<HttpHead> head = HttpHead.read(client.in());
        keep = head.isPresent() && exchange(head.get());
      }
    } catch (IOException idle) {
      // between two requests the client may go away as it likes
      return;
    } finally {
      listener.ended(this);
    }
  }

  private boolean exchange(HttpHead head) {
    if (!begin()) {
      return false;
    }
    Request request = Request.of(head);
    Fault fault = script.next(request);
    listener.begun(fault);
    FaultPlay play = new FaultPlay(fault, head, client, server, script.cut(MOST_CUT));
    String broken = "";
    try {
      return play.play();
    } catch (IOException e) {
      broken = e.toString();
      return false;
    } finally {
      listener.over(new Exchange(request, fault, play.digest(), play.status(), broken));
      end();
    }
  }

  private synchronized boolean begin() {
    busy = !reset;
    return busy;
  }

  private synchronized void end() {
    busy = false;
  }

  /** Resets the connection if no request is on it. */
  public synchronized void resetIfIdle() throws IOException {
    if (!busy) {
      reset = true;
      client.reset();
    }
  }

  /** Resets the connection in any case. */
  public void reset() throws IOException {
    client.reset();
  }
}
