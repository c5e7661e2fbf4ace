package io.waybill.web.view;

import java.util.List;
import java.util.Map;

/** An order, and what came of it. */
public record OrderView(
    @About("its number in this process") long order,
    @About("what was ordered") String what,
    @About("who ordered it") String by,
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

  /** Starts a flow. */
  public record Trigger(
      @About(value = "what the flow is given, by name", maybe = true)
          Map<String, String> parameters,
      @About(value = "the time that it is for; now if it is not given", maybe = true) String due) {}

  /** Starts a flow for each date of a range. */
  public record Backfill(
      @About("first date or time") String from,
      @About("end of the range, not part of it") String to,
      @About(value = "step between the dates, as 1d or 12h; 1d if it is not given", maybe = true)
          String every,
      @About(value = "how many run at the same time; 1 if it is not given", maybe = true)
          int parallel,
      @About(value = "what the flow is given, by name", maybe = true)
          Map<String, String> parameters) {}

  /** Takes a run for something else than it is. */
  public record Mark(@About("completed or failed") String state, @About("why") String note) {}

  /** Decides what waits for a second person. */
  public record Decide(@About("whether it is agreed to") Boolean approve) {}

  /** Puts a kill switch on or off. */
  public record KillSwitch(
      @About("whether nothing may be written") Boolean on,
      @About(value = "why, in at most 500 characters", maybe = true) String reason) {}

  /** Nothing more is to be said. */
  public record Nothing() {}
}
