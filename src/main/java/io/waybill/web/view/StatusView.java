package io.waybill.web.view;

import io.waybill.control.Serving;
import java.util.List;

/** How the process stands. */
public record StatusView(
    @About("home that it serves") String home,
    @About("Waybill's version") String version,
    @About("process id") long pid,
    @About(value = "since when it serves", time = true) String startedAt,
    @About("version of the default ClickHouse, or why there is none") String clickHouseVersion,
    @About("where that is") String clickHouseUrl,
    @About("flows that are loaded") int flows,
    @About("runs that are going on") int running,
    @About("flows that wait, and why") List<HoldView> holds,
    @About("what is wrong with route files that are not loaded, or a version of them")
        List<String> problems,
    @About("dead letters that wait for somebody") long deadLetters,
    @About("approvals that wait; 0 for who may not see them") int approvals,
    @About("kill switches that are on; 0 for who may not see them") int killSwitches,
    @About("audit events that have not arrived in ClickHouse yet") long auditPending,
    @About("why they wait; may be empty") String auditTrouble) {
  public StatusView {
    holds = List.copyOf(holds);
    problems = List.copyOf(problems);
  }

  /** What was delivered lately. */
  public record Throughput(
      @About("the oldest first; those without anything are left out") List<Slice> slices) {
    public Throughput {
      slices = List.copyOf(slices);
    }
  }

  /** What one flow delivered in a while. */
  public record Slice(
      @About("the flow") String flow,
      @About(value = "beginning of that while", time = true) String from,
      @About("how long it is") int seconds,
      @About("rows that arrived") long rows,
      @About("bytes that were settled") long bytes,
      @About("batches that were settled") long batches,
      @About("rows that were refused") long deadRows) {

    public static Slice of(Serving.Slice slice) {
      return new Slice(
          slice.flow(),
          Times.of(slice.from()),
          slice.seconds(),
          slice.rows(),
          slice.bytes(),
          slice.batches(),
          slice.deadRows());
    }
  }

  public static StatusView of(
      Serving.Facts facts, Counts counts, List<HoldView> holds, List<String> problems) {
    return new StatusView(
        facts.home(),
        facts.version(),
        facts.pid(),
        Times.of(facts.started()),
        facts.clickHouseVersion(),
        facts.clickHouseUrl(),
        counts.flows(),
        counts.running(),
        holds,
        problems,
        counts.deadLetters(),
        counts.approvals(),
        counts.killSwitches(),
        counts.auditPending(),
        facts.auditTrouble());
  }

  /** Numbers of the ledger. */
  public record Counts(
      int flows,
      int running,
      long deadLetters,
      int approvals,
      int killSwitches,
      long auditPending) {}
}
