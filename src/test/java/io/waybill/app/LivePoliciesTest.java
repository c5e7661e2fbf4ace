package io.waybill.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.policy.Action;
import io.waybill.policy.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LivePoliciesTest {
  private static final String POLICY =
      """
      version: 1
      environments:
        lab: { tables: ["lab.*"] }
      roles:
        dev: { write: [lab] }
      """;

  @TempDir private Path folder;

  private LivePolicies load() {
    return LivePolicies.load(
        new Home(folder), WaybillConfig.load(folder.resolve("application.properties"), Map.of()));
  }

  private void write(String text) throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), text);
  }

  private static boolean mayWrite(LivePolicies policies) {
    return policies.current().decide(Identity.flow("dev"), Action.WRITE, "lab", "trips").allowed();
  }

  @Test
  void without_a_file_there_is_no_policy_unless_one_is_required() throws IOException {
    assertThat(load().current().isPresent()).isFalse();
    Files.writeString(folder.resolve("application.properties"), "waybill.policy=required\n");
    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("waybill.policy=required");
  }

  @Test
  void a_change_is_taken_when_it_is_looked_at() throws IOException {
    write(POLICY);
    LivePolicies policies = load();
    assertThat(policies.news()).isEmpty();

    write(POLICY.replace("write: [lab]", "read: [lab]"));
    assertThat(policies.news()).isPresent();
    assertThat(mayWrite(policies)).isTrue();
    assertThat(policies.look()).isTrue();
    assertThat(mayWrite(policies)).isFalse();
    assertThat(policies.news()).isEmpty();
  }

  @Test
  void a_broken_file_leaves_what_held_and_is_told() throws IOException {
    write(POLICY);
    LivePolicies policies = load();
    write(POLICY.replace("roles:", "rolls:"));

    assertThat(policies.look()).isFalse();
    assertThat(mayWrite(policies)).isTrue();
    assertThat(policies.refused().orElseThrow().reason()).contains("did you mean roles?");
    write(POLICY);
    assertThat(policies.look()).isFalse();
    assertThat(policies.refused()).isEmpty();
  }

  @Test
  void a_file_that_vanishes_opens_nothing() throws IOException {
    write(POLICY);
    LivePolicies policies = load();
    Files.delete(folder.resolve("policy.yaml"));

    assertThat(policies.news()).isPresent();
    assertThat(policies.look()).isFalse();
    assertThat(policies.current().isPresent()).isTrue();
    assertThat(policies.refused().orElseThrow().reason()).contains("policy.yaml is gone");
  }

  @Test
  void a_policy_may_come_while_flows_run() throws IOException {
    LivePolicies policies = load();
    assertThat(mayWrite(policies)).isTrue();
    write(POLICY.replace("write: [lab]", "write: []"));

    assertThat(policies.look()).isTrue();
    assertThat(mayWrite(policies)).isFalse();
  }

  @Test
  void all_problems_of_a_broken_file_stop_the_start() throws IOException {
    write(POLICY.replace("lab: {", "lab: { hours: never,").replace("dev: {", "dev: { reed: [],"));
    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "policy.yaml:3", "'never' are no hours", "policy.yaml:5", "'reed'");
  }
}
