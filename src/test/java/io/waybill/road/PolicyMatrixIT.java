package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every role, every environment, everything that a route can do: each cell is tried. */
@Timeout(300)
final class PolicyMatrixIT {
  private static final List<String> ROLES = List.of("", "developer", "ops", "auditor", "unknown");
  private static final List<String> ENVIRONMENTS = List.of("staging", "production", "nowhere");

  /** What the roles of the policy may, written down a second time. */
  private static final Map<String, Set<String>> READS =
      Map.of("developer", Set.of("staging"), "ops", Set.of("staging", "production"));

  private static final Map<String, Set<String>> WRITES =
      Map.of("developer", Set.of("staging"), "ops", Set.of("production"));

  @TempDir Path folder;
  private PolicyHome home;
  private String nowhere;

  /** What a step does, and whether a right is enough for it. */
  private enum Deed {
    ASK(true),
    COPY_INTO(true),
    INSERT(true),
    TRUNCATE(false),
    DROP(false),
    GRANT(false);

    private final boolean enough;

    Deed(boolean enough) {
      this.enough = enough;
    }

    boolean isAllowed(String role, String environment) {
      Map<String, Set<String>> rights = this == ASK ? READS : WRITES;
      String name = role.isEmpty() ? "developer" : role;
      return enough && rights.getOrDefault(name, Set.of()).contains(environment);
    }
  }

  @BeforeEach
  void threeDatabases() {
    home = PolicyHome.in(folder);
    home.policy(PolicyHome.text().replace("flows:\n", "  auditor:\n    audit: true\nflows:\n"));
    nowhere = TestClickHouse.createDatabase();
  }

  private String database(String environment) {
    return switch (environment) {
      case "staging" -> home.staging();
      case "production" -> home.prod();
      default -> nowhere;
    };
  }

  private static String name(String role) {
    return role.isEmpty() ? "default" : role;
  }

  @Test
  void aFlowDeliversOnlyWhereItsRoleMayWrite() {
    for (String role : ROLES) {
      for (String environment : ENVIRONMENTS) {
        String flow = name(role) + "_" + environment;
        home.table(database(environment), flow);
        home.flow(flow, database(environment), role.isEmpty() ? "" : "role=" + role);
        home.road().drop(flow, "a.csv", "id\n1\n");
      }
    }

    List<String> holds = home.road().once().holds();

    SoftAssertions cells = new SoftAssertions();
    for (String role : ROLES) {
      for (String environment : ENVIRONMENTS) {
        String flow = name(role) + "_" + environment;
        boolean allowed = Deed.INSERT.isAllowed(role, environment);
        cells
            .assertThat(home.rows(database(environment), flow))
            .as(flow)
            .isEqualTo(allowed ? List.of("1") : List.of());
        cells
            .assertThat(holds.stream().filter(hold -> hold.startsWith(flow + ": ")).toList())
            .as(flow)
            .hasSize(allowed ? 0 : 1)
            .allSatisfy(hold -> assertThat(hold).contains("policy.yaml:", "DENIED"));
      }
    }
    cells.assertAll();
    assertThat(home.trail("denied", "flow")).hasSize(holds.size());
  }

  private String step(Deed deed, String role, String table) {
    String sql =
        switch (deed) {
          case ASK -> "SELECT count() FROM " + table;
          case COPY_INTO -> "INSERT INTO " + table + " (id) SELECT number FROM numbers(1)";
          case TRUNCATE -> "TRUNCATE TABLE " + table;
          case DROP -> "DROP TABLE " + table;
          case GRANT -> "GRANT SELECT ON " + table + " TO default";
          case INSERT -> "{\"id\": 5}";
        };
    String operation = deed == Deed.INSERT ? "insert" : "query";
    return """
    - setBody:
        constant: '%s'
    - to: clickhouse:%s?operation=%s%s
    """
        .formatted(sql, table, operation, role.isEmpty() ? "" : "&role=" + role);
  }

  private record Cell(Deed deed, String role, String environment) {
    String id() {
      return deed.name().toLowerCase(java.util.Locale.ROOT) + "_" + name(role) + "_" + environment;
    }
  }

  @Test
  void aStepDoesOnlyWhatItsRoleMay() throws IOException {
    List<Cell> cells = new ArrayList<>();
    StringBuilder routes = new StringBuilder();
    for (Deed deed : Deed.values()) {
      for (String role : ROLES) {
        for (String environment : ENVIRONMENTS) {
          Cell cell = new Cell(deed, role, environment);
          cells.add(cell);
          home.table(database(environment), cell.id());
          routes.append(route(cell));
        }
      }
    }
    home.road().route("cells", routes.toString());

    try (Application application = home.road().start(false)) {
      assertThat(application.problems()).isEmpty();
      Awaitility.await()
          .atMost(java.time.Duration.ofMinutes(2))
          .until(() -> home.road().files("out").size() == cells.size());
    }

    SoftAssertions all = new SoftAssertions();
    for (Cell cell : cells) {
      String outcome = Files.readString(folder.resolve("out/" + cell.id()));
      boolean allowed = cell.deed().isAllowed(cell.role(), cell.environment());
      all.assertThat(outcome).as(cell.id()).startsWith(allowed ? "done" : "denied: ");
      if (cell.deed() != Deed.GRANT) {
        boolean brings = allowed && cell.deed() != Deed.ASK;
        all.assertThat(home.rows(database(cell.environment()), cell.id()))
            .as(cell.id())
            .hasSize(brings ? 1 : 0);
      }
    }
    all.assertAll();
  }

  /** Behind waybill: the role that the flow writes under asks. */
  @Test
  void aJdbcStepIsAskedUnderTheRoleOfItsFlow() throws IOException {
    List<Cell> cells = new ArrayList<>();
    for (Deed deed : List.of(Deed.ASK, Deed.COPY_INTO, Deed.TRUNCATE)) {
      for (String role : List.of("", "developer", "ops")) {
        for (String environment : ENVIRONMENTS) {
          Cell cell = new Cell(deed, role, environment);
          cells.add(cell);
          String own = role.equals("ops") ? home.prod() : home.staging();
          home.table(own, "own_" + cell.id()).table(database(environment), cell.id());
          home.road().route(cell.id(), flow(cell, own));
          home.road().drop(cell.id(), "a.csv", "id\n1\n");
        }
      }
    }

    assertThat(home.road().once().problems()).isEmpty();

    SoftAssertions all = new SoftAssertions();
    for (Cell cell : cells) {
      boolean allowed = cell.deed().isAllowed(cell.role(), cell.environment());
      all.assertThat(Files.readString(folder.resolve("out/" + cell.id())))
          .as(cell.id())
          .startsWith(allowed ? "done" : "denied: ");
      all.assertThat(home.rows(database(cell.environment()), cell.id()))
          .as(cell.id())
          .hasSize(allowed && cell.deed() != Deed.ASK ? 1 : 0);
    }
    all.assertAll();
  }

  private String flow(Cell cell, String own) {
    String step = step(cell.deed(), "", database(cell.environment()) + "." + cell.id());
    return """
    - route:
        id: %1$s
        from:
          uri: file:in/%1$s?initialDelay=0&delay=50
          steps:
            - to: waybill:%2$s.own_%1$s%3$s
            - doTry:
                steps:
    %4$s
                  - setBody:
                      constant: done
                doCatch:
                  - exception: [java.lang.Exception]
                    steps:
                      - setBody:
                          simple: "${exception.message}"
            - to: file:out?fileName=%1$s
    """
        .formatted(
            cell.id(),
            own,
            cell.role().isEmpty() ? "" : "?role=" + cell.role(),
            step.replaceFirst("clickhouse:.*", "jdbc:clickhouse?resetAutoCommit=false")
                .indent(14)
                .stripTrailing());
  }

  private String route(Cell cell) {
    String table = database(cell.environment()) + "." + cell.id();
    return """
    - route:
        id: %1$s
        from:
          uri: timer:%1$s?repeatCount=1&delay=0
          steps:
            - doTry:
                steps:
    %2$s
                  - setBody:
                      constant: done
                doCatch:
                  - exception: [java.lang.Exception]
                    steps:
                      - setBody:
                          simple: "${exception.message}"
            - to: file:out?fileName=%1$s&tempPrefix=../part/
    """
        .formatted(cell.id(), step(cell.deed(), cell.role(), table).indent(14).stripTrailing());
  }
}
