package io.waybill.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class PolicyTest {
  private static final Instant MONDAY_NOON = Instant.parse("2026-11-30T11:00:00Z");
  private static final Instant SUNDAY_NOON = Instant.parse("2026-11-29T11:00:00Z");
  private final Policy policy = Samples.company();

  @ParameterizedTest
  @CsvSource({
    "anna,      READ,    staging, trips,    true,  18",
    "anna,      WRITE,   staging, trips,    true,  19",
    "anna,      OPERATE, staging, trips,    true,  20",
    "anna,      READ,    prod,    trips,    false, 17",
    "anna,      WRITE,   prod,    trips,    false, 17",
    "anna,      OPERATE, prod,    trips,    false, 17",
    "anna,      WRITE,   lab,     trips,    false, 2",
    "anna,      WRITE,   Staging, trips,    false, 2",
    "otto,      READ,    staging, trips,    false, 37",
    "nobody,    READ,    staging, trips,    false, 16",
  })
  void a_local_name_may_do_what_its_role_may(
      String name, Action action, String database, String table, boolean allowed, int line) {
    Decision decision = policy.decide(Identity.local(name), action, database, table);

    assertThat(decision.allowed()).as(decision.toString()).isEqualTo(allowed);
    assertThat(decision.line()).isEqualTo("policy.yaml:" + line);
    assertThat(decision.reason()).isNotBlank();
    assertThat(decision.remedy().isEmpty()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "READ,  prod,     trips,    true",
    "WRITE, prod,     trips,    true",
    "WRITE, dwh_eu,   fact_day, true",
    "WRITE, dwh_eu,   dim_day,  false",
    "WRITE, staging,  trips,    false",
    "READ,  staging,  trips,    true",
    "WRITE, prod,     invoices, true",
    "OPERATE, prod,   trips,    true",
    "OPERATE, prod,   invoices, false",
  })
  void a_table_of_several_environments_needs_the_right_in_all(
      Action action, String database, String table, boolean allowed) {
    assertThat(policy.decide(Identity.flow("ops"), action, database, table).allowed())
        .isEqualTo(allowed);
  }

  static Stream<Identity> notDevelopers() {
    return Stream.of(
        Identity.local("developers"),
        Identity.local("loader"),
        Identity.vault("anna"),
        Identity.token("loader"),
        Identity.oidc("anna", Map.of()),
        Identity.oidc("anna", Map.of("groups", Set.of("dev", "developers2"))),
        Identity.oidc("anna", Map.of("roles", Set.of("developers"))),
        Identity.oidc("x", Map.of("vault", Set.of("loader"), "local", Set.of("anna"))),
        new Identity("x", Identity.LOCAL, Map.of("groups", Set.of("developers"))),
        new Identity("developer", "elsewhere", Map.of("groups", Set.of("developers"))),
        Identity.flow("Developer"),
        Identity.flow(""));
  }

  @ParameterizedTest
  @MethodSource("notDevelopers")
  void nobody_becomes_a_member_by_a_name_of_another_source(Identity who) {
    assertThat(policy.roles(who)).isEmpty();
    for (Action action : Action.values()) {
      assertThat(policy.decide(who, action, "staging", "trips").allowed()).isFalse();
    }
  }

  static Stream<Identity> developers() {
    return Stream.of(
        Identity.local("anna"),
        Identity.token("anna"),
        Identity.vault("loader"),
        Identity.oidc("a@example.org", Map.of("groups", Set.of("all", "developers"))),
        Identity.flow("developer"));
  }

  @ParameterizedTest
  @MethodSource("developers")
  void members_are_found_by_claim_entity_and_name(Identity who) {
    assertThat(policy.roles(who)).containsExactly("developer");
    assertThat(policy.decide(who, Action.WRITE, "staging", "trips").allowed()).isTrue();
  }

  @Test
  void rights_of_several_roles_add_up() {
    Identity both = Identity.oidc("b", Map.of("groups", Set.of("developers", "ops")));

    assertThat(policy.roles(both)).containsExactly("developer", "ops");
    assertThat(policy.decide(both, Action.WRITE, "staging", "trips").allowed()).isTrue();
    assertThat(policy.decide(both, Action.WRITE, "prod", "trips").allowed()).isTrue();
  }

  @Test
  void the_trail_and_administration_have_rights_of_their_own() {
    Identity ops = Identity.oidc("o", Map.of("groups", Set.of("ops")));

    assertThat(policy.decide(Identity.local("otto"), Action.AUDIT))
        .isEqualTo(new Decision(true, "policy.yaml:38", "role auditor may audit", ""));
    assertThat(policy.decide(Identity.local("otto"), Action.ADMINISTER).allowed()).isFalse();
    assertThat(policy.decide(ops, Action.ADMINISTER).allowed()).isTrue();
    assertThat(policy.decide(ops, Action.AUDIT).allowed()).isFalse();
    assertThatThrownBy(() -> policy.decide(ops, Action.READ))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hours_close_an_environment_for_writing_only() {
    Identity ops = Identity.flow("ops");

    assertThat(policy.decide(ops, Action.WRITE, "prod", "trips", MONDAY_NOON).allowed()).isTrue();
    Decision closed = policy.decide(ops, Action.WRITE, "prod", "trips", SUNDAY_NOON);
    assertThat(closed.allowed()).isFalse();
    assertThat(closed.line()).isEqualTo("policy.yaml:8");
    assertThat(closed.reason()).contains("Mon-Fri 06:00-22:00 Europe/Berlin");
    assertThat(policy.decide(ops, Action.READ, "prod", "trips", SUNDAY_NOON).allowed()).isTrue();
  }

  @Test
  void a_kill_switch_closes_an_environment() {
    Decision killed =
        policy.decide(Identity.flow("ops"), Action.WRITE, "prod", "invoices", MONDAY_NOON);

    assertThat(killed.allowed()).isFalse();
    assertThat(killed.line()).isEqualTo("policy.yaml:14");
    assertThat(killed.reason()).isEqualTo("the kill switch of finance is on");
  }

  @Test
  void a_missing_right_comes_before_hours_and_kill_switches() {
    Decision denied =
        policy.decide(Identity.flow("developer"), Action.WRITE, "prod", "invoices", SUNDAY_NOON);

    assertThat(denied.reason()).isEqualTo("role developer may not write in production");
  }

  @Test
  void the_smallest_limit_holds() {
    assertThat(policy.maxRows("developer", "staging", "trips"))
        .contains(new Lined<>(10_000_000L, 21));
    assertThat(policy.maxRows("developer", "prod", "trips")).contains(new Lined<>(500L, 11));
    assertThat(policy.maxBytes("developer", "prod", "trips")).contains(new Lined<>(10L << 30, 22));
    assertThat(policy.maxBytes("ops", "prod", "trips")).isEmpty();
  }

  @Test
  void a_role_may_be_kept_for_some_flows() {
    assertThat(policy.mayUse("prod-trips", "ops").allowed()).isTrue();
    assertThat(policy.mayUse("trips", "ops").allowed()).isFalse();
    assertThat(policy.mayUse("trips", "ops").line()).isEqualTo("policy.yaml:36");
    assertThat(policy.mayUse("trips", "developer").allowed()).isTrue();
    assertThat(policy.mayUse("trips", "nobody").allowed()).isFalse();
  }

  @Test
  void a_flow_without_a_known_role_is_told_which_there_are() {
    assertThat(policy.decide(Identity.flow("develper"), Action.WRITE, "staging", "t").remedy())
        .contains("developer, ops, auditor");
    assertThat(policy.decide(Identity.flow(""), Action.WRITE, "staging", "t").reason())
        .isEqualTo("the flow names no role, and there is no default");
  }

  @Test
  void without_a_policy_everything_is_allowed() {
    Policy none = Policy.none();

    assertThat(none.isPresent()).isFalse();
    for (Action action : Action.values()) {
      assertThat(none.decide(Identity.local("x"), action, "a", "b", SUNDAY_NOON).allowed())
          .isTrue();
    }
    assertThat(none.decide(Identity.local("x"), Action.ADMINISTER).allowed()).isTrue();
    assertThat(none.mayUse("flow", "any").allowed()).isTrue();
    assertThat(none.hash()).isEmpty();
  }

  @Test
  void roles_tell_who_they_are_for_clickhouse() {
    assertThat(policy.role("developer").orElseThrow().clickhouse().connection())
        .contains("staging");
    assertThat(policy.role("developer").orElseThrow().clickhouse().role())
        .contains("staging_writer");
    assertThat(policy.defaultRole()).contains(new Lined<>("developer", 42));
    assertThat(policy.roles().stream().map(Role::name))
        .isEqualTo(List.of("developer", "ops", "auditor"));
  }
}
