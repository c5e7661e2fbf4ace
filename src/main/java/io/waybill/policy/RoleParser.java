package io.waybill.policy;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a role. */
final class RoleParser {
  private static final String AUDIT = Action.AUDIT.word();
  private static final String ADMINISTER = Action.ADMINISTER.word();
  private static final String CLICKHOUSE = "clickhouse";
  private static final String MEMBERS = "members";
  private static final String FLOWS = "flows";
  private static final String CONNECTION = "connection";
  private static final String ROLE = "role";
  private static final List<String> KINDS = List.of("claim", "vault", "local");
  private final List<String> environments;
  private final Problems problems;

  /**
   * Reads roles.
   *
   * @param environments all that are declared
   */
  RoleParser(List<String> environments, Problems problems) {
    this.environments = environments;
    this.problems = problems;
  }

  Role parse(String name, Section section) {
    section.knows(
        Action.READ.word(),
        Action.WRITE.word(),
        Action.OPERATE.word(),
        AUDIT,
        ADMINISTER,
        BoundsParser.HOURS,
        BoundsParser.ROWS,
        BoundsParser.BYTES,
        CLICKHOUSE,
        MEMBERS,
        FLOWS);
    return new Role(
        name,
        section.line(),
        rights(section),
        section.flag(AUDIT),
        section.flag(ADMINISTER),
        BoundsParser.parse(section),
        clickhouse(section),
        members(section),
        section.list(FLOWS, text -> text));
  }

  private Map<Action, Map<String, Integer>> rights(Section section) {
    Map<Action, Map<String, Integer>> rights = new EnumMap<>(Action.class);
    for (Action action : List.of(Action.READ, Action.WRITE, Action.OPERATE)) {
      Map<String, Integer> lines = new LinkedHashMap<>();
      section
          .list(action.word(), this::environment)
          .forEach(each -> lines.put(each.value(), each.line()));
      rights.put(action, Map.copyOf(lines));
    }
    return rights;
  }

  private String environment(String name) {
    if (!environments.contains(name)) {
      throw new IllegalArgumentException(
          "there is no environment '%s'%s".formatted(name, Nearest.hint(name, environments)));
    }
    return name;
  }

  private static Role.ClickHouseIdentity clickhouse(Section section) {
    Optional<Section> identity = section.section(CLICKHOUSE);
    return identity
        .map(
            each -> {
              each.knows(CONNECTION, ROLE);
              return new Role.ClickHouseIdentity(
                  each.line(),
                  each.text(CONNECTION).map(Lined::value),
                  each.text(ROLE).map(Lined::value));
            })
        .orElseGet(
            () -> new Role.ClickHouseIdentity(section.line(), Optional.empty(), Optional.empty()));
  }

  private List<Lined<Member>> members(Section section) {
    List<Lined<Member>> members = new ArrayList<>();
    for (Section each : section.sections(MEMBERS)) {
      each.knows(KINDS.toArray(String[]::new));
      List<String> kinds = KINDS.stream().filter(each::has).toList();
      if (kinds.size() != 1) {
        problems.add(
            each.line(), "a member is one of claim: {name: value}, vault: name, local: name");
        continue;
      }
      member(each, kinds.get(0)).ifPresent(member -> members.add(new Lined<>(member, each.line())));
    }
    return members;
  }

  private Optional<Member> member(Section section, String kind) {
    return switch (kind) {
      case "vault" -> section.text(kind).map(name -> new Member.Vault(name.value()));
      case "local" -> section.text(kind).map(name -> new Member.Local(name.value()));
      default -> section.section(kind).flatMap(this::claims);
    };
  }

  /** Claims without a value would be everybody's. */
  private Optional<Member> claims(Section section) {
    Map<String, String> values = section.texts();
    if (values.isEmpty()) {
      problems.add(section.line(), "a claim needs a name and a value, as in {groups: developers}");
      return Optional.empty();
    }
    return Optional.of(new Member.Claims(values));
  }
}
