package io.waybill.web.view;

import java.util.List;

/** An order, and what came of it. */
public record OrderView(
    @About("its number in this process") long order,
    @About("what was ordered") String what,
    @About("running, done, dead_letters, refused or held_or_failed") String state,
    @About("what a person is told") List<String> lines) {
  public OrderView {
    lines = List.copyOf(lines);
  }

  /** Lets a run go on. */
  public record Rerun(
      @About(value = "deliver all of its source once more", maybe = true) boolean again,
      @About(value = "even if that leaves batches in doubt behind", maybe = true)
          boolean abandon) {}

  /** Compares the ledger with the table. */
  public record Reconcile(
      @About(value = "send again what is missing", maybe = true) boolean send) {}

  /** Sends dead letters again as they are. */
  public record Replay(@About("ids of dead letters") List<String> letters) {}

  /** Settles dead letters by mended records. */
  public record Mended(
      @About("ids of dead letters of one flow and format") List<String> letters,
      @About("a file of that format, with its header line if it has one") String records) {}

  /** Settles dead letters as not needed. */
  public record Discard(
      @About("ids of dead letters") List<String> letters,
      @About("why they are not needed") String reason) {}
}
