package io.waybill.camel;

import io.waybill.delivery.Failure;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import io.waybill.secret.CredentialsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.util.ObjectHelper;

/**
 * The route files that are loaded, each alone, so that a broken one is named and the others run.
 * (With Camel Main's include pattern one bad component stops the process, and one broken {@code
 * .java} all of them.) Loaded routes are built but not started. Changes take turns; what is loaded
 * may be asked meanwhile.
 */
public final class RouteFiles {
  private final CamelContext context;
  private final RouteFolder folder;
  private final RouteBeans beans;
  private final RouteLoader loader;
  private final Map<String, LoadedFile> loaded = new ConcurrentSkipListMap<>();
  private final Map<String, WaitingFile> waiting = new ConcurrentSkipListMap<>();
  private final Map<String, BrokenFile> broken = new ConcurrentSkipListMap<>();
  private final List<RouteFile> shipped = new CopyOnWriteArrayList<>();

  /**
   * A flow that was loaded.
   *
   * @param name route id
   * @param file the file as a person calls it
   * @param target URI of its waybill: endpoint
   */
  public record LoadedFlow(String name, String file, String target) {

    /** The table that the target names, unless a placeholder does. */
    public Optional<TableName> table() {
      String path = target.replaceFirst("^waybill:(//)?", "").replaceFirst("\\?(?s).*", "");
      return path.contains("{{") ? Optional.empty() : Optional.of(TableName.parse(path));
    }
  }

  /**
   * A file that cannot be loaded before its secrets are there.
   *
   * @param file the version that waits
   * @param flows flows that it declares
   * @param failure which secret, and why not
   */
  public record WaitingFile(RouteFile file, List<LoadedFlow> flows, Failure failure) {
    public WaitingFile {
      flows = List.copyOf(flows);
    }

    List<String> names() {
      return flows.stream().map(LoadedFlow::name).toList();
    }
  }

  /**
   * A file that is not loaded.
   *
   * @param file the version that was refused
   * @param problem what is wrong with it
   */
  public record BrokenFile(RouteFile file, RouteProblem problem) {}

  public RouteFiles(
      CamelContext context, RouteFolder folder, FlowGuard guard, RouteTriggers triggers) {
    this.context = context;
    this.folder = folder;
    this.beans = new RouteBeans(context);
    this.loader = new RouteLoader(context, guard, beans, triggers, this::owner);
  }

  /**
   * Loads {@code routes/waybill} of the home, or what the program ships for a file that is not
   * there.
   *
   * @throws IOException if a file cannot be read
   */
  public synchronized void loadShipped() throws IOException {
    for (RouteFile file : folder.shipped()) {
      shipped.add(file);
      try {
        var unused = loader.loadShipped(file);
      } catch (RouteLoader.Refused e) {
        refuse(file, e);
      }
    }
  }

  /**
   * Loads {@code routes/*.camel.yaml} and {@code routes/*.java} of the home.
   *
   * @throws IOException if the folder cannot be read
   */
  public void loadUser() throws IOException {
    folder.users().values().forEach(this::load);
  }

  /**
   * Loads a file that is not loaded; what comes of it is told by {@link #problem(String)} and
   * {@link #waiting(String)}.
   */
  public synchronized void load(RouteFile file) {
    try {
      loaded.put(file.name(), loader.load(file));
      broken.remove(file.name());
    } catch (RouteLoader.Refused e) {
      CredentialsException missing = ObjectHelper.getException(CredentialsException.class, e);
      if (missing == null || e.flows().isEmpty()) {
        refuse(file, e);
      } else {
        broken.remove(file.name());
        waiting.put(file.name(), new WaitingFile(file, e.flows(), failure(missing)));
      }
    }
  }

  private void refuse(RouteFile file, RouteLoader.Refused refused) {
    RouteProblem problem =
        new RouteProblems(context, file.name(), file.path()).of(refused.getCause());
    broken.put(file.name(), new BrokenFile(file, problem));
  }

  private static Failure failure(CredentialsException missing) {
    return new Failure(Verdict.HOLD, 0, "SECRET_MISSING", missing.getMessage(), missing.remedy());
  }

  /**
   * Takes a file out whose routes are stopped, with its beans, and forgets what was wrong with it.
   */
  public synchronized void unload(String file) {
    LoadedFile gone = loaded.remove(file);
    if (gone != null) {
      loader.unload(gone);
    }
    waiting.remove(file);
    broken.remove(file);
  }

  /** What is wrong with files that were not loaded. */
  public List<RouteProblem> problems() {
    return broken.values().stream().map(BrokenFile::problem).toList();
  }

  /** What is wrong with a file; empty if it is loaded, or waits. */
  public Optional<RouteProblem> problem(String file) {
    return Optional.ofNullable(broken.get(file)).map(BrokenFile::problem);
  }

  /** The files that were not loaded. */
  public List<BrokenFile> broken() {
    return List.copyOf(broken.values());
  }

  /** The flows that were loaded, in the order of their files. */
  public List<LoadedFlow> flows() {
    return loaded.values().stream().flatMap(file -> file.flows().stream()).toList();
  }

  private Optional<String> owner(String route) {
    return loaded.values().stream()
        .filter(file -> file.ids().contains(route))
        .map(file -> file.file().name())
        .findFirst();
  }

  /** The flow of this name, if it is loaded. */
  public Optional<LoadedFlow> flow(String name) {
    return flows().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** The flows of a file, also of one that waits. */
  public List<LoadedFlow> flows(String file) {
    return Stream.concat(
            Stream.ofNullable(loaded.get(file)).flatMap(each -> each.flows().stream()),
            Stream.ofNullable(waiting.get(file)).flatMap(each -> each.flows().stream()))
        .toList();
  }

  /** Ids of the routes in users' files that are no flows. */
  public List<String> otherRoutes() {
    return loaded.values().stream().flatMap(file -> file.others().stream()).toList();
  }

  /** Ids of the routes of a file that are no flows. */
  public List<String> otherRoutes(String file) {
    return Optional.ofNullable(loaded.get(file)).map(LoadedFile::others).orElse(List.of());
  }

  /** Ids of all routes that a file has in the context. */
  public Set<String> routes(String file) {
    return Optional.ofNullable(loaded.get(file)).map(LoadedFile::ids).orElse(Set.of());
  }

  /** Names of the beans of a file. */
  public Set<String> beans(String file) {
    return Optional.ofNullable(loaded.get(file)).map(LoadedFile::beans).orElse(Set.of());
  }

  /** The versions that are loaded or wait, by file. */
  public List<RouteFile> versions() {
    List<RouteFile> versions = new ArrayList<>();
    loaded.values().forEach(each -> versions.add(each.file()));
    waiting.values().forEach(each -> versions.add(each.file()));
    return versions;
  }

  /** The files of {@code routes/waybill}, or what stands for them, that this began with. */
  public List<RouteFile> shipped() {
    return List.copyOf(shipped);
  }

  /** Files whose secrets cannot be had now. */
  public List<WaitingFile> waiting() {
    return List.copyOf(waiting.values());
  }

  /** Why a file waits, if it does. */
  public Optional<WaitingFile> waiting(String file) {
    return Optional.ofNullable(waiting.get(file));
  }

  /**
   * Lets files that are loaded here use the beans of files that are loaded elsewhere.
   *
   * @param others all that is loaded there
   * @param except files that will not be there
   */
  public void borrow(RouteFiles others, Set<String> except) {
    others
        .beans
        .owners()
        .forEach(
            (bean, file) -> {
              Object lent = others.context.getRegistry().lookupByName(bean);
              if (lent != null && !except.contains(file)) {
                beans.lend(bean, lent, file);
              }
            });
  }

  /**
   * Loads the file of a flow that waits once more.
   *
   * @return why it still waits; empty if it was loaded, or never waited
   */
  public synchronized Optional<Failure> retry(String flow) {
    Optional<WaitingFile> file =
        waiting.values().stream().filter(each -> each.names().contains(flow)).findFirst();
    if (file.isEmpty()) {
      return Optional.empty();
    }
    String name = file.get().file().name();
    waiting.remove(name);
    load(file.get().file());
    BrokenFile refused = broken.remove(name);
    if (refused != null) {
      waiting.put(name, file.get());
      return Optional.of(
          new Failure(
              Verdict.HOLD, 0, "ROUTE_NOT_STARTED", refused.problem().toString(), "mend the file"));
    }
    return waiting(name).map(WaitingFile::failure);
  }
}
