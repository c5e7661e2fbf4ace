package io.waybill.app;

import io.waybill.app.Candidates.Candidate;
import io.waybill.camel.FlowHolds;
import io.waybill.camel.RouteFile;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.delivery.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes changes of route files while flows run: each changed file is built as a candidate first,
 * and only what can run is swapped in. Used by one thread.
 */
final class RouteReload {
  private static final Logger LOG = LoggerFactory.getLogger(RouteReload.class);
  private final RouteFiles routes;
  private final Candidates candidates;
  private final RouteSwap swap;
  private final RouteNotes notes;
  private final FlowHolds holds;
  private final List<String> chosen;
  private final Clock clock;
  private final WaybillConfig.Hold pace;

  /** Digest of the version of each file that was loaded or refused last. */
  private final Map<String, String> handled = new HashMap<>();

  private final Map<String, Refusal> refused = new TreeMap<>();
  private Duration pause;
  private Instant tryAgain = Instant.MAX;

  /**
   * Why a version is not taken.
   *
   * @param passing whether it may be taken as it is once something else has changed
   */
  private record Refusal(String reason, boolean passing) {}

  /**
   * Goes on from what a start has loaded.
   *
   * @param chosen flows that are to run; empty for all
   * @param pace pauses before a version is tried again whose cause may pass
   */
  RouteReload(
      RouteFiles routes,
      Candidates candidates,
      RouteSwap swap,
      RouteNotes notes,
      FlowHolds holds,
      List<String> chosen,
      Clock clock,
      WaybillConfig.Hold pace) {
    this.routes = routes;
    this.candidates = candidates;
    this.swap = swap;
    this.notes = notes;
    this.holds = holds;
    this.chosen = chosen;
    this.clock = clock;
    this.pace = pace;
    this.pause = pace.probeInitial();
    routes.versions().forEach(file -> handled.put(file.name(), file.digest()));
    routes
        .broken()
        .forEach(
            broken -> {
              handled.put(broken.file().name(), broken.file().digest());
              refused.put(broken.file().name(), new Refusal(broken.problem().toString(), false));
            });
    routes.shipped().forEach(file -> handled.put(file.name(), file.digest()));
  }

  /** Whether these files differ from what was loaded or refused, or something is due again. */
  boolean hasNews(Map<String, RouteFile> present) {
    return present.values().stream().anyMatch(this::isChanged)
        || handled.keySet().stream().anyMatch(file -> isGone(file, present))
        || !clock.instant().isBefore(tryAgain);
  }

  private boolean isChanged(RouteFile file) {
    return !file.digest().equals(handled.get(file.name()));
  }

  private boolean isGone(String file, Map<String, RouteFile> present) {
    return !present.containsKey(file);
  }

  /**
   * Takes what changed.
   *
   * @param present the files that are there
   * @param unsettled names of those that are being written; they are left for later
   */
  void take(Map<String, RouteFile> present, Set<String> unsettled) throws Exception {
    boolean news =
        present.values().stream().anyMatch(this::isChanged)
            || handled.keySet().stream().anyMatch(file -> isGone(file, present));
    tryAgain = Instant.MAX;
    Map<String, Optional<RouteFile>> next = new TreeMap<>();
    for (RouteFile file : present.values()) {
      if (!unsettled.contains(file.name()) && isToBeTried(file, news)) {
        shipped(file)
            .ifPresentOrElse(
                running -> leave(file, running), () -> next.put(file.name(), Optional.of(file)));
      }
    }
    Set<String> gone = new HashSet<>(handled.keySet());
    gone.removeIf(file -> !isGone(file, present) || unsettled.contains(file));
    gone.forEach(file -> next.put(file, Optional.empty()));
    try {
      if (!next.isEmpty()) {
        take(next);
      }
    } finally {
      pause = news ? pace.probeInitial() : longer(pause);
      if (refused.values().stream().anyMatch(Refusal::passing)) {
        tryAgain = clock.instant().plus(pause);
      }
    }
  }

  private Optional<RouteFile> shipped(RouteFile file) {
    return routes.shipped().stream().filter(each -> each.name().equals(file.name())).findFirst();
  }

  /** Every batch goes through these routes, so they are not taken from under the flows. */
  private void leave(RouteFile file, RouteFile running) {
    if (!file.digest().equals(running.digest())) {
      refuse(file, new Refusal("files of routes/waybill are taken at the next start", false));
      return;
    }
    handled.put(file.name(), file.digest());
    if (refused.remove(file.name()) != null) {
      notes.loaded(file);
    }
  }

  private boolean isToBeTried(RouteFile file, boolean news) {
    Refusal refusal = refused.get(file.name());
    return isChanged(file) || (refusal != null && (news || refusal.passing()));
  }

  private Duration longer(Duration before) {
    Duration doubled = before.multipliedBy(2);
    return doubled.compareTo(pace.probeMax()) > 0 ? pace.probeMax() : doubled;
  }

  private void take(Map<String, Optional<RouteFile>> next) throws Exception {
    List<RouteFile> versions = next.values().stream().flatMap(Optional::stream).toList();
    Map<String, Candidate> built = candidates.build(versions, routes, next.keySet(), chosen);
    Map<String, Refusal> refusals = new TreeMap<>();
    built.forEach(
        (file, candidate) -> objection(candidate).ifPresent(it -> refusals.put(file, it)));
    refuseTaken(next.keySet(), built, refusals);
    Map<String, Optional<RouteFile>> accepted = new TreeMap<>(next);
    accepted.keySet().removeAll(refusals.keySet());
    refusals.forEach((file, refusal) -> refuse(next.get(file).orElseThrow(), refusal));
    for (Map<String, Optional<RouteFile>> group : groups(accepted, built)) {
      Map<String, String> failed = swap.swap(group);
      group.forEach((file, version) -> settle(file, version, failed.get(file)));
    }
    notes.declared();
  }

  private void settle(String file, Optional<RouteFile> version, String failure) {
    if (failure != null && version.isPresent()) {
      refuse(version.get(), new Refusal(failure, false));
    } else if (version.isPresent()) {
      LOG.info("{} is loaded", file);
      handled.put(file, version.get().digest());
      refused.remove(file);
      notes.loaded(version.get());
    } else {
      LOG.info("{} is gone, and its routes", file);
      handled.remove(file);
      refused.remove(file);
      notes.removed(file);
    }
  }

  private void refuse(RouteFile file, Refusal refusal) {
    boolean running = isLoaded(file.name());
    Refusal before = refused.put(file.name(), refusal);
    if (isChanged(file) || before == null || !before.equals(refusal)) {
      LOG.warn(
          "{} is not taken: {}{}",
          file.name(),
          refusal.reason(),
          running ? "; the version before goes on" : "");
    }
    handled.put(file.name(), file.digest());
    notes.refused(file, refusal.reason(), running);
  }

  private boolean isLoaded(String file) {
    return Stream.concat(routes.versions().stream(), routes.shipped().stream())
        .anyMatch(version -> version.name().equals(file));
  }

  /** Nothing that runs is given up for a version that would wait. */
  private Optional<Refusal> objection(Candidate candidate) {
    if (candidate.problem().isPresent()) {
      return candidate.problem().map(reason -> new Refusal(reason, false));
    }
    List<String> running =
        routes.flows(candidate.file().name()).stream()
            .map(LoadedFlow::name)
            .filter(flow -> holds.of(flow).isEmpty())
            .toList();
    if (candidate.missing().isPresent() && !running.isEmpty()) {
      return candidate.missing().map(failure -> new Refusal(text(failure), true));
    }
    return candidate.held().entrySet().stream()
        .filter(held -> running.contains(held.getKey()))
        .findFirst()
        .map(
            held ->
                new Refusal(
                    "flow %s would be held: %s".formatted(held.getKey(), text(held.getValue())),
                    true));
  }

  private static String text(Failure failure) {
    return "%s (%s). %s".formatted(failure.reason(), failure.name(), failure.remedy());
  }

  /** A file that is refused keeps its routes and beans, which another one may want then. */
  private void refuseTaken(
      Set<String> changed, Map<String, Candidate> built, Map<String, Refusal> refusals) {
    boolean more = true;
    while (more) {
      more = false;
      Map<String, String> taken = new HashMap<>();
      for (RouteFile version : routes.versions()) {
        if (!changed.contains(version.name()) || refusals.containsKey(version.name())) {
          routes.routes(version.name()).forEach(id -> taken.put("route id " + id, version.name()));
          routes.beans(version.name()).forEach(id -> taken.put("bean " + id, version.name()));
        }
      }
      for (Candidate candidate : built.values()) {
        Optional<String> clash = clash(candidate, taken);
        if (clash.isPresent() && !refusals.containsKey(candidate.file().name())) {
          refusals.put(candidate.file().name(), new Refusal(clash.get(), false));
          more = true;
        }
      }
    }
  }

  private static Optional<String> clash(Candidate candidate, Map<String, String> taken) {
    Set<String> wanted = new HashSet<>();
    candidate.routes().forEach(id -> wanted.add("route id " + id));
    candidate.beans().forEach(name -> wanted.add("bean " + name));
    return wanted.stream()
        .filter(taken::containsKey)
        .sorted()
        .findFirst()
        .map(
            what ->
                "%s: the %s is that of %s; give it another one"
                    .formatted(candidate.file().name(), what, taken.get(what)));
  }

  /**
   * Each file for itself, so that its routes stand still for a short time; but together those of
   * which one takes over from another.
   */
  private List<Map<String, Optional<RouteFile>>> groups(
      Map<String, Optional<RouteFile>> accepted, Map<String, Candidate> built) {
    Map<String, Optional<RouteFile>> together = new TreeMap<>();
    Map<String, Map<String, Optional<RouteFile>>> alone = new LinkedHashMap<>();
    accepted.forEach(
        (file, version) -> {
          Set<String> from = givers(built.get(file), accepted.keySet());
          from.remove(file);
          if (!from.isEmpty()) {
            from.forEach(giver -> together.put(giver, accepted.get(giver)));
            together.put(file, version);
          }
        });
    accepted.forEach(
        (file, version) -> {
          if (!together.containsKey(file)) {
            alone.put(file, Map.of(file, version));
          }
        });
    if (!together.isEmpty()) {
      alone.put("", together);
    }
    return List.copyOf(alone.values());
  }

  /** Files whose versions that run have a route or a bean of this one. */
  private Set<String> givers(Candidate candidate, Set<String> files) {
    Set<String> givers = new HashSet<>();
    if (candidate != null) {
      for (String file : files) {
        Set<String> shared = new HashSet<>(routes.routes(file));
        shared.retainAll(candidate.routes());
        Set<String> beans = new HashSet<>(routes.beans(file));
        beans.retainAll(candidate.beans());
        if (!shared.isEmpty() || !beans.isEmpty()) {
          givers.add(file);
        }
      }
    }
    return givers;
  }
}
