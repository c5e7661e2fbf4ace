package io.waybill.app;

import io.waybill.policy.Decision;
import io.waybill.policy.Policies;
import io.waybill.policy.Policy;
import io.waybill.policy.PolicyException;
import io.waybill.policy.PolicyProblem;
import io.waybill.policy.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The policy of a home: read when this is made, and again whenever {@link #look} is called. What
 * holds is replaced as a whole; a file that is broken or gone leaves it as it is, since a policy
 * must not end by an accident. Thread-safe.
 */
public final class LivePolicies implements Policies {
  private final Path file;
  private final Set<String> connections;
  private volatile Policy current;
  private volatile Optional<Refused> refused = Optional.empty();
  private byte[] seen;

  /**
   * A version that was not taken.
   *
   * @param digest hex SHA-256 of it; that of nothing if the file is gone
   * @param reason what is wrong, a line each
   */
  public record Refused(String digest, String reason) {}

  private LivePolicies(Path file, Set<String> connections) {
    this.file = file;
    this.connections = connections;
  }

  /**
   * Reads the policy of a home.
   *
   * @throws ConfigurationException with all that is wrong with it
   */
  public static LivePolicies load(Home home, WaybillConfig config) {
    LivePolicies policies =
        new LivePolicies(
            home.folder().resolve(Decision.FILE),
            config.connections().stream()
                .filter(each -> !each.isJdbc())
                .map(ConnectionConfig::name)
                .collect(Collectors.toSet()));
    try {
      policies.seen = policies.bytes();
      policies.current = policies.parse(policies.seen);
    } catch (PolicyException e) {
      throw new ConfigurationException(e.problems().stream().map(PolicyProblem::toString).toList());
    }
    if (!policies.current.isPresent() && config.isPolicyRequired()) {
      throw new ConfigurationException(
          List.of(
              "there is no "
                  + policies.file
                  + ", and waybill.policy=required; put it there (docs/security.md#policy)"));
    }
    return policies;
  }

  @Override
  public Policy current() {
    return current;
  }

  /** Where it stands. */
  Path file() {
    return file;
  }

  /** The version that was not taken, if the last one was not. */
  public Optional<Refused> refused() {
    return refused;
  }

  /** What identifies the file, if it differs from what was seen last. */
  synchronized Optional<String> news() {
    byte[] now = bytes();
    return Arrays.equals(now, seen)
        ? Optional.empty()
        : Optional.of(now == null ? "" : Policy.hash(now));
  }

  /**
   * Takes the file as it is now.
   *
   * @return whether another policy holds now
   */
  synchronized boolean look() {
    byte[] now = bytes();
    seen = now;
    if (now == null && current.isPresent()) {
      refused =
          Optional.of(
              new Refused(
                  Policy.hash(new byte[0]),
                  Decision.FILE
                      + " is gone or cannot be read; the one before holds until Waybill is started"
                      + " without it"));
      return false;
    }
    try {
      Policy next = parse(now);
      refused = Optional.empty();
      boolean changed = !next.hash().equals(current.hash());
      current = next;
      return changed;
    } catch (PolicyException e) {
      refused = Optional.of(new Refused(Policy.hash(now), e.getMessage()));
      return false;
    }
  }

  /** Null if there is none, or it cannot be read. */
  private byte[] bytes() {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      if (current == null) {
        throw new ConfigurationException(List.of("cannot read " + file + ": " + e.getMessage()));
      }
      return null;
    }
  }

  private Policy parse(byte[] bytes) {
    if (bytes == null) {
      return Policy.none();
    }
    Policy policy = Policy.parse(bytes);
    List<PolicyProblem> problems = new ArrayList<>();
    for (Role role : policy.roles()) {
      role.clickhouse()
          .connection()
          .filter(name -> !connections.contains(name))
          .ifPresent(
              name ->
                  problems.add(
                      new PolicyProblem(
                          role.clickhouse().line(),
                          "roles.%s.clickhouse: there is no connection '%s' to a ClickHouse; set waybill.connections.%s.url"
                              .formatted(role.name(), name, name))));
    }
    if (!problems.isEmpty()) {
      throw new PolicyException(problems);
    }
    return policy;
  }
}
