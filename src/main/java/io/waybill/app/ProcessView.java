package io.waybill.app;

import io.waybill.camel.FlowHolds;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.RouteProblem;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.control.Orders;
import io.waybill.control.Serving;
import io.waybill.ledger.DeadLetterFiles;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.policy.Identity;
import io.waybill.secret.Credentials;
import io.waybill.secret.Redaction;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.util.URISupport;

/** What this process knows, for its management port. Thread-safe. */
final class ProcessView implements Serving {
  private static final String AFTER = "waybill-after:";
  private static final String MASK = "***";

  /** The parts of the process that are asked. */
  record Parts(
      CamelContext context,
      RouteFiles routes,
      FlowHolds holds,
      RunProgress progress,
      Connections connections,
      DeadLetterFiles letters,
      Orders orders) {}

  private final Home home;
  private final WaybillConfig config;
  private final Parts parts;
  private final Supplier<Facts> facts;

  ProcessView(Home home, WaybillConfig config, Parts parts, Supplier<Facts> facts) {
    this.home = home;
    this.config = config;
    this.parts = parts;
    this.facts = facts;
  }

  @Override
  public Facts facts() {
    return facts.get();
  }

  @Override
  public List<Source> sources() {
    return parts.routes().flows().stream()
        .map(LoadedFlow::name)
        .flatMap(name -> source(name).stream())
        .toList();
  }

  private Optional<Source> source(String flow) {
    Route route = parts.context().getRoute(flow);
    if (route == null) {
      return Optional.empty();
    }
    String uri = route.getEndpoint().getEndpointUri();
    return Optional.of(
        new Source(
            flow,
            Redaction.mask(URISupport.sanitizeUri(uri)),
            uri.startsWith(AFTER) ? after(uri) : List.of()));
  }

  private static List<String> after(String uri) {
    return Arrays.stream(uri.split("[?&]"))
        .filter(part -> part.startsWith("flows="))
        .flatMap(part -> Arrays.stream(part.substring("flows=".length()).split("(,|%2C)")))
        .map(String::strip)
        .toList();
  }

  @Override
  public Pulse pulse(long mark) {
    // the mark first: what changes meanwhile is told again
    long now = parts.progress().mark();
    return new Pulse(
        now,
        parts.progress().changedSince(mark).stream().map(ProcessView::live).toList(),
        parts.holds().all().stream()
            .map(hold -> new Hold(hold.flow(), hold.reason(), hold.remedy(), hold.since()))
            .toList());
  }

  private static LiveRun live(RunProgress.Snapshot run) {
    return new LiveRun(
        run.run(),
        run.flow(),
        run.location(),
        run.table(),
        run.state(),
        run.reason(),
        run.fraction(),
        run.rows(),
        run.bytes(),
        run.batches(),
        run.deadRows(),
        run.elapsed().toMillis());
  }

  @Override
  public List<Slice> throughput() {
    return parts.progress().throughput().slices();
  }

  @Override
  public List<String> problems() {
    return parts.routes().problems().stream().map(RouteProblem::toString).toList();
  }

  @Override
  public List<Connection> connections() {
    return config.connections().stream().map(this::connection).toList();
  }

  private Connection connection(ConnectionConfig given) {
    Optional<Credentials.Known> known = parts.connections().known(given.name());
    boolean embedded = given.url().isEmpty();
    return new Connection(
        given.name(),
        embedded ? facts.get().clickHouseUrl() : Redaction.mask(given.url()),
        known.map(Credentials.Known::user).orElse(""),
        embedded ? "embedded" : origin(given),
        given.vaultLease() + given.vaultKv(),
        known.flatMap(Credentials.Known::expires),
        known.isPresent() ? "" : "nobody has asked for its credential yet");
  }

  private static String origin(ConnectionConfig given) {
    if (!given.vaultLease().isEmpty()) {
      return "vault-lease";
    }
    return given.vaultKv().isEmpty() ? "configuration" : "vault-kv";
  }

  @Override
  public List<Setting> settings() {
    Map<io.waybill.app.Setting, String> shown = config.shown();
    return Arrays.stream(io.waybill.app.Setting.values())
        .map(
            setting ->
                new Setting(
                    setting.key(),
                    config.hasSecret(setting) ? MASK : Redaction.mask(shown.get(setting)),
                    setting.defaultValue(),
                    config.hasSecret(setting) || !shown.get(setting).equals(setting.defaultValue()),
                    setting.description()))
        .collect(Collectors.toList());
  }

  @Override
  public Optional<byte[]> record(DeadLetterRow letter) throws IOException {
    try {
      byte[] raw = parts.letters().raw(letter);
      int header = letter.fileOffset() == 0 ? parts.letters().header(letter).length : 0;
      return Optional.of(Arrays.copyOfRange(raw, header, raw.length));
    } catch (NoSuchFileException | FileNotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public byte[] header(DeadLetterRow letter) throws IOException {
    return parts.letters().header(letter);
  }

  @Override
  public Answer replayMended(List<String> letters, byte[] records, Identity by) throws IOException {
    Files.createDirectories(home.data().resolve("spool"));
    Path file = Files.createTempFile(home.data().resolve("spool"), "mended-", ".tmp");
    try {
      Files.write(file, records);
      return parts.orders().carryOut(new Order.ReplayMended(file.toString(), letters), by);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
