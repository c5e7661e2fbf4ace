package io.waybill.policy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether an environment is open for writing: no kill switch, and within its hours and those of a
 * role that has the right.
 */
record Guard(Environment environment, Instant now) {

  Decision open(List<Role> roles, Decision right) {
    if (environment.isKilled()) {
      return Decision.no(
          environment.killSwitch().orElseThrow().line(),
          "the kill switch of %s is on".formatted(environment.name()),
          "wait until somebody puts kill-switch: of %s to false".formatted(environment.name()));
    }
    Optional<Lined<Hours>> closed = closed(environment.bounds());
    if (closed.isPresent()) {
      return outside(environment.name() + " may be written", closed.get());
    }
    return withinHoursOfARole(roles, right);
  }

  private Decision withinHoursOfARole(List<Role> roles, Decision right) {
    Decision last = right;
    for (Role role : roles) {
      if (role.lineOf(Action.WRITE, environment.name()).isPresent()) {
        Optional<Lined<Hours>> closed = closed(role.bounds());
        if (closed.isEmpty()) {
          return right;
        }
        last = outside("role " + role.name() + " may write", closed.get());
      }
    }
    return last;
  }

  private Optional<Lined<Hours>> closed(Bounds bounds) {
    return bounds.hours().filter(hours -> !hours.value().contains(now));
  }

  private static Decision outside(String what, Lined<Hours> hours) {
    return Decision.no(
        hours.line(),
        "%s %s only".formatted(what, hours.value()),
        "wait until then, or change hours:");
  }
}
