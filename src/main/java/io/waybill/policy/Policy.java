package io.waybill.policy;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What policy.yaml says: deny by default. Without the file everything is allowed ({@link #none}).
 * Immutable, thread-safe.
 *
 * <p>A table that several environments have needs the right in each of them; one that none has is
 * denied. Whoever has several roles has the rights of all of them.
 */
public final class Policy {
  private static final Policy NONE =
      new Policy("", "", new Places(0, 0), List.of(), List.of(), Optional.empty());
  private final String text;
  private final String hash;
  private final Places places;
  private final List<Environment> environments;
  private final Map<String, Role> roles = new LinkedHashMap<>();
  private final Optional<Lined<String>> defaultRole;

  Policy(
      String text,
      String hash,
      Places places,
      List<Environment> environments,
      List<Role> roles,
      Optional<Lined<String>> defaultRole) {
    this.text = text;
    this.hash = hash;
    this.places = places;
    this.environments = List.copyOf(environments);
    roles.forEach(role -> this.roles.put(role.name(), role));
    this.defaultRole = defaultRole;
  }

  /** Lines of the parts of the file. */
  record Places(int environments, int roles) {}

  /** There is no policy: everything is allowed. */
  public static Policy none() {
    return NONE;
  }

  /**
   * Reads a policy.
   *
   * @param file all bytes of policy.yaml
   * @throws PolicyException with all that is wrong
   */
  public static Policy parse(byte[] file) {
    return new PolicyParser().parse(file);
  }

  /** What identifies a version of the file: hex SHA-256 of its bytes. */
  public static String hash(byte[] file) {
    return PolicyParser.sha256(file);
  }

  /** Whether there is a policy at all. */
  public boolean isPresent() {
    return !hash.isEmpty();
  }

  /** Hex SHA-256 of the file's bytes; empty if there is none. */
  public String hash() {
    return hash;
  }

  /** The file as it was read; empty if there is none. */
  public String text() {
    return text;
  }

  /** The role of a flow that names none. */
  public Optional<Lined<String>> defaultRole() {
    return defaultRole;
  }

  /** All roles, in the order of the file. */
  public Collection<Role> roles() {
    return List.copyOf(roles.values());
  }

  /** The role of this name. */
  public Optional<Role> role(String name) {
    return Optional.ofNullable(roles.get(name));
  }

  /** All environments, in the order of the file. */
  public List<Environment> environments() {
    return environments;
  }

  /** The environments that have this table. */
  public List<Environment> environmentsOf(String database, String table) {
    return environments.stream().filter(each -> each.has(database, table)).toList();
  }

  /** The names of the roles of this identity. */
  public Set<String> roles(Identity who) {
    Set<String> names = new TreeSet<>();
    rolesOf(who).forEach(role -> names.add(role.name()));
    return names;
  }

  /** Whether somebody has the right to do this with a table, whatever the time. */
  public Decision decide(Identity who, Action action, String database, String table) {
    if (!action.isAboutTables()) {
      return decide(who, action);
    }
    return overEnvironments(who, database, table, (env, roles) -> right(who, action, env, roles));
  }

  /**
   * Whether somebody may do this with a table now: the right, and for writing also kill switches
   * and hours.
   */
  public Decision decide(Identity who, Action action, String database, String table, Instant now) {
    Decision right = decide(who, action, database, table);
    if (!right.allowed() || action != Action.WRITE || !isPresent()) {
      return right;
    }
    return overEnvironments(
        who, database, table, (env, roles) -> new Guard(env, now).open(roles, right));
  }

  /** Whether somebody may do what is about no table: read the trail, administer. */
  public Decision decide(Identity who, Action action) {
    if (!isPresent()) {
      return allowedWithoutPolicy();
    }
    if (action.isAboutTables()) {
      throw new IllegalArgumentException(action.word() + " is decided for a table");
    }
    List<Role> roles = rolesOf(who);
    for (Role role : roles) {
      Optional<Lined<Boolean>> right = action == Action.AUDIT ? role.audit() : role.administer();
      if (right.isPresent() && right.get().value()) {
        return Decision.yes(right.get().line(), "role " + role.name() + " may " + action.word());
      }
    }
    return roles.isEmpty()
        ? noRole(who)
        : Decision.no(
            roles.get(0).line(),
            "%s may not %s".formatted(called(who, roles), action.word()),
            "let somebody do it whose role has %s: true".formatted(action.word()));
  }

  private interface InEnvironment {
    Decision decide(Environment environment, List<Role> roles);
  }

  /** The first no, else the last yes. */
  private Decision overEnvironments(
      Identity who, String database, String table, InEnvironment each) {
    if (!isPresent()) {
      return allowedWithoutPolicy();
    }
    List<Role> roles = rolesOf(who);
    if (roles.isEmpty()) {
      return noRole(who);
    }
    Decision last =
        Decision.no(
            places.environments(),
            "no environment has the table " + database + "." + table,
            "correct the table, or add it to tables: of an environment");
    for (Environment environment : environmentsOf(database, table)) {
      last = each.decide(environment, roles);
      if (!last.allowed()) {
        return last;
      }
    }
    return last;
  }

  private static Decision right(
      Identity who, Action action, Environment environment, List<Role> roles) {
    for (Role role : roles) {
      if (role.lineOf(action, environment.name()).isPresent()) {
        return Decision.yes(
            role.lineOf(action, environment.name()).getAsInt(),
            "role %s may %s in %s".formatted(role.name(), action.word(), environment.name()));
      }
    }
    return Decision.no(
        roles.get(0).line(),
        "%s may not %s in %s".formatted(called(who, roles), action.word(), environment.name()),
        "use a role that has %s in its %s: list, or add it there"
            .formatted(environment.name(), action.word()));
  }

  private List<Role> rolesOf(Identity who) {
    return roles.values().stream().filter(role -> role.belongsTo(who)).toList();
  }

  private Decision noRole(Identity who) {
    return who.source().equals(Identity.FLOW)
        ? Decision.no(
            places.roles(),
            who.name().isEmpty()
                ? "the flow names no role, and there is no default"
                : "there is no role " + who.name(),
            "name one of %s, by role= of waybill: or default-role: of flows"
                .formatted(String.join(", ", roles.keySet())))
        : Decision.no(
            places.roles(),
            who + " belongs to no role",
            "add it to members: of a role, or log in as somebody else");
  }

  private static String called(Identity who, List<Role> roles) {
    String names = String.join(", ", roles.stream().map(Role::name).toList());
    return who.source().equals(Identity.FLOW)
        ? "role " + names
        : "%s (%s)".formatted(who, roles.size() == 1 ? "role " + names : "roles " + names);
  }

  private static Decision allowedWithoutPolicy() {
    return new Decision(true, "", "there is no policy.yaml: everything is allowed", "");
  }

  /** Whether flows of this name may work under a role. */
  public Decision mayUse(String flow, String role) {
    if (!isPresent()) {
      return allowedWithoutPolicy();
    }
    Role named = roles.get(role);
    if (named == null) {
      return noRole(Identity.flow(role));
    }
    List<Lined<String>> patterns = named.flows();
    for (Lined<String> pattern : patterns) {
      if (NamePattern.matches(pattern.value(), flow)) {
        return Decision.yes(pattern.line(), "flow %s may work under role %s".formatted(flow, role));
      }
    }
    return patterns.isEmpty()
        ? Decision.yes(named.line(), "any flow may work under role " + role)
        : Decision.no(
            patterns.get(0).line(),
            "flow %s may not work under role %s".formatted(flow, role),
            "use another role, or add the flow to flows: of this one");
  }

  /** How many rows a run into this table may bring under a role: the smallest of what holds. */
  public Optional<Lined<Long>> maxRows(String role, String database, String table) {
    return smallest(bounds(role, database, table).flatMap(bounds -> bounds.rows().stream()));
  }

  /** How many bytes a run into this table may bring under a role: the smallest of what holds. */
  public Optional<Lined<Long>> maxBytes(String role, String database, String table) {
    return smallest(
        bounds(role, database, table)
            .flatMap(bounds -> bounds.bytes().stream())
            .map(bytes -> new Lined<>(bytes.value().bytes(), bytes.line())));
  }

  private Stream<Bounds> bounds(String role, String database, String table) {
    return Stream.concat(
        role(role).map(Role::bounds).stream(),
        environmentsOf(database, table).stream().map(Environment::bounds));
  }

  private static Optional<Lined<Long>> smallest(Stream<Lined<Long>> these) {
    return these.min(java.util.Comparator.comparing(Lined::value));
  }
}
