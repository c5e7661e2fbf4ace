package io.waybill.delivery;

import io.waybill.batch.Batch;

/** A place in the window with room in memory, until its batch is settled. */
final class Place {
  private final Window window;
  private final MemoryBudget.Room room;
  private boolean sent;

  private Place(Window window, MemoryBudget.Room room) {
    this.window = window;
    this.room = room;
  }

  /** Waits for a place in the window, then for room in memory. */
  static Place enter(Window window, MemoryBudget memory, long bytes) {
    window.enter();
    try {
      return new Place(window, memory.take(bytes));
    } catch (RuntimeException e) {
      window.leave();
      throw e;
    }
  }

  void send(Sender sender, Batch batch, Attempts attempts) {
    room.shrinkTo(batch.payload().size());
    sent = true;
    try {
      window.send(
          () -> {
            try {
              sendUnlessClosed(sender, batch, attempts);
            } finally {
              room.giveBack();
            }
          });
    } catch (RuntimeException e) {
      batch.payload().release();
      room.giveBack();
      throw e;
    }
  }

  /** A batch that waited behind one that failed stays planned. */
  private void sendUnlessClosed(Sender sender, Batch batch, Attempts attempts) {
    if (window.isClosed()) {
      batch.payload().release();
    } else {
      sender.send(batch, attempts);
    }
  }

  void leaveUnlessSent() {
    if (!sent) {
      room.giveBack();
      window.leave();
    }
  }
}
