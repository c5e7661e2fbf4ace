package io.waybill.app;

import io.waybill.batch.Batch;
import io.waybill.batch.CutLimits;
import io.waybill.batch.Cutter;
import io.waybill.batch.FileSource;
import io.waybill.batch.Format;
import io.waybill.batch.SegmentPool;
import io.waybill.camel.FlowDefinition;
import io.waybill.camel.FlowRights;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.WaybillEndpoint;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.Finding;
import io.waybill.clickhouse.InsertRights;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.Tables;
import io.waybill.clickhouse.TypeCheck;
import io.waybill.delivery.RunBounds;
import io.waybill.delivery.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * What a run of a flow would bring, and whether it may: its files are cut, encoded and counted as
 * in a run, ClickHouse reads them without keeping anything, and is asked for rights. Nothing is
 * inserted, planned, spooled or acknowledged.
 */
public final class DryRun {
  private static final String STEPS =
      "steps in front of waybill: are not run: the files are looked at as they lie there";
  private static final String ALREADY =
      "what was delivered already is not left out: the ledger is not asked";
  private final CamelContext context;
  private final FlowPreflight preflight;
  private final Connections connections;
  private final long longestRecord;

  DryRun(
      CamelContext context, FlowPreflight preflight, Connections connections, long longestRecord) {
    this.context = context;
    this.preflight = preflight;
    this.connections = connections;
    this.longestRecord = longestRecord;
  }

  /**
   * What a flow would do.
   *
   * @param findings what keeps it from running, or should be known
   * @param sources what it would bring
   * @param notes what a dry run cannot tell of it
   */
  public record Outlook(
      String flow,
      TableName table,
      String file,
      List<Finding> findings,
      List<Source> sources,
      List<String> notes) {

    /** Whether it would be held, or a run of it would fail. */
    public boolean isInTrouble() {
      return findings.stream().anyMatch(each -> each.severity() == Finding.Severity.HOLD)
          || sources.stream().anyMatch(source -> !source.trouble().isEmpty());
    }
  }

  /**
   * A source that would be delivered.
   *
   * @param location its file
   * @param format name of its format
   * @param records records in it
   * @param bytes bytes of its batches, unpacked
   * @param batches into how many it would be cut
   * @param misfits values that would not arrive as they are
   * @param trouble why a run of it would fail; empty if it would not
   */
  public record Source(
      String location,
      String format,
      long records,
      long bytes,
      long batches,
      List<TypeCheck.Values> misfits,
      String trouble) {}

  /** Looks at a flow. */
  Outlook of(LoadedFlow flow) {
    WaybillEndpoint endpoint = preflight.endpoint(flow);
    List<Finding> findings = new ArrayList<>(preflight.findings(flow));
    boolean askable = findings.stream().noneMatch(each -> each.severity() == Finding.Severity.HOLD);
    if (askable) {
      findings.add(rights(endpoint));
    }
    List<Source> sources = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Route route = context.getRoute(flow.name());
    Endpoint from = route == null ? null : route.getEndpoint();
    if (from instanceof FileEndpoint files) {
      FolderFiles folder = new FolderFiles(files);
      boolean readable = askable && canRead(endpoint, notes);
      for (Path file : folder.list()) {
        sources.add(source(endpoint, file, readable));
      }
      notes.addAll(folder.notes());
      if (!isPlain(flow.name())) {
        notes.add(STEPS);
      }
      notes.add(ALREADY);
    } else {
      notes.add(
          "its source is not asked: a dry run reads files only, since to ask %s is to take from it"
              .formatted(from == null ? "it" : scheme(from) + ":"));
    }
    return new Outlook(flow.name(), endpoint.tableName(), flow.file(), findings, sources, notes);
  }

  private Finding rights(WaybillEndpoint endpoint) {
    FlowRights.Standing standing = endpoint.standing();
    return new InsertRights(connections.of(standing.account()))
        .explained(
            endpoint.tableName(),
            standing.requestRole(),
            endpoint.rows().isSkippingUnknown(),
            endpoint.delivery().getSettings());
  }

  /** Whether ClickHouse can look at values for the table; if not, a note says why. */
  private boolean canRead(WaybillEndpoint endpoint, List<String> notes) {
    ClickHouseClient client = connections.of(endpoint.standing().account());
    if (new Tables(client).table(endpoint.tableName()).isEmpty()) {
      notes.add("values are not looked at: the table is still to be made");
      return false;
    }
    try {
      client.lines("SELECT * FROM format(TSV, 'x UInt8', '1')");
      return true;
    } catch (QueryFailedException e) {
      notes.add("values are not looked at: %s (%s)".formatted(e.getMessage(), e.name()));
      return false;
    }
  }

  private static String scheme(Endpoint from) {
    return from.getEndpointUri().replaceFirst(":.*", "");
  }

  /** Whether the first step is waybill: itself. */
  private boolean isPlain(String flow) {
    RouteDefinition route = ((ModelCamelContext) context).getRouteDefinition(flow);
    return route != null
        && !route.getOutputs().isEmpty()
        && FlowDefinition.isTarget(route.getOutputs().get(0));
  }

  private Source source(WaybillEndpoint endpoint, Path file, boolean askable) {
    Optional<Format> format =
        endpoint.givenFormat().or(() -> Format.ofFileName(file.getFileName().toString()));
    if (format.isEmpty()) {
      return new Source(
          file.toString(), "", 0, 0, 0, List.of(), "nothing tells its format; set format=");
    }
    try {
      return counted(endpoint, file, format.get(), askable);
    } catch (IOException e) { // or it is not what its format says
      return new Source(
          file.toString(), format.get().clickHouseName(), 0, 0, 0, List.of(), e.getMessage());
    } catch (QueryFailedException e) {
      return new Source(
          file.toString(),
          format.get().clickHouseName(),
          0,
          0,
          0,
          List.of(),
          "ClickHouse cannot look at it: %s (%s)".formatted(e.getMessage(), e.name()));
    }
  }

  private Source counted(WaybillEndpoint endpoint, Path file, Format format, boolean askable)
      throws IOException {
    long records = 0;
    long bytes = 0;
    long batches = 0;
    CutLimits limits = endpoint.batch().limits(longestRecord);
    FileSource source = new FileSource(file, file.toString());
    try (Cutter cutter = Cutter.open(source, format, limits, new SegmentPool())) {
      for (Batch batch = cutter.next(true); batch != null; batch = cutter.next(true)) {
        records += batch.position().records();
        bytes += batch.payload().size();
        batches++;
        batch.payload().release();
      }
    }
    List<TypeCheck.Values> misfits = List.of();
    String trouble = beyond(endpoint.bounds(), records, bytes);
    if (askable) {
      TypeCheck.Report report = report(endpoint, source, format);
      misfits = report.values();
      trouble = trouble.isEmpty() ? String.join("; ", report.unread()) : trouble;
    }
    return new Source(
        file.toString(), format.clickHouseName(), records, bytes, batches, misfits, trouble);
  }

  private TypeCheck.Report report(WaybillEndpoint endpoint, FileSource source, Format format)
      throws IOException {
    CutLimits limits = new CutLimits(TypeCheck.ROWS, TypeCheck.BYTES, longestRecord);
    return new TypeCheck(connections.of(endpoint.standing().account()))
        .look(endpoint.tableName(), format, source, limits);
  }

  private static String beyond(RunBounds bounds, long rows, long bytes) {
    Optional<RunBounds.Bound> most =
        bounds
            .rows()
            .filter(bound -> rows > bound.most())
            .or(() -> bounds.bytes().filter(bound -> bytes > bound.most()));
    return most.map(
            bound ->
                "its run would fail: it may bring %d (%s)".formatted(bound.most(), bound.rule()))
        .orElse("");
  }
}
