package io.waybill.app;

import io.waybill.camel.RouteFile;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFiles.BrokenFile;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.ledger.RouteBook;
import io.waybill.ledger.RouteFileRow;
import io.waybill.secret.Redaction;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Writes down which route files are loaded, were refused or are gone. Used by one thread. */
final class RouteNotes {
  private final Home home;
  private final RouteBook book;
  private final RouteFiles routes;

  RouteNotes(Home home, RouteBook book, RouteFiles routes) {
    this.home = home;
    this.book = book;
    this.routes = routes;
  }

  /** Notes what a start loaded; what was noted before it is no change. */
  void started() {
    Set<String> known = new HashSet<>();
    for (RouteFile file : routes.versions()) {
      known.add(file.name());
      loaded(file);
    }
    for (BrokenFile broken : routes.broken()) {
      known.add(broken.file().name());
      refused(broken.file(), broken.problem().toString(), false);
    }
    for (RouteFile file : routes.shipped()) {
      if (file.isOfHome() && known.add(file.name())) {
        loaded(file);
      }
    }
    for (RouteFileRow row : book.all()) {
      if (!known.contains(row.name())) {
        removed(row.name());
      }
    }
    declared();
  }

  void loaded(RouteFile file) {
    List<String> flows = routes.flows(file.name()).stream().map(LoadedFlow::name).toList();
    book.loaded(version(file), flows);
  }

  /**
   * Notes a version that is not taken.
   *
   * @param running whether the one before it is loaded
   */
  void refused(RouteFile file, String reason, boolean running) {
    // other processes that show it do not know what is secret
    book.refused(version(file), Redaction.mask(reason), running);
  }

  void removed(String file) {
    book.removed(file, home.folder().resolve(file).toString(), user());
  }

  /** Notes which flows there are now. */
  void declared() {
    book.declared(
        Stream.concat(
                routes.flows().stream(),
                routes.waiting().stream().flatMap(file -> file.flows().stream()))
            .map(LoadedFlow::name)
            .toList());
  }

  private static RouteBook.Version version(RouteFile file) {
    return new RouteBook.Version(
        file.name(),
        file.path().toString(),
        file.digest(),
        FileOwner.of(file.path()),
        PlainSecrets.masked(file.text()));
  }

  private static String user() {
    return System.getProperty("user.name");
  }
}
