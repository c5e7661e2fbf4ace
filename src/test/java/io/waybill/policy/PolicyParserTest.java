package io.waybill.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyParserTest {
  private static final String BEGINNING =
      "version: 1\nenvironments:\n  lab:\n    tables: [lab.*]\n";

  @Test
  void every_problem_is_told_with_its_line() {
    String broken =
        """
        version: 2
        enviroments: {}
        environments:
          lab:
            tables: ["lab"]
            kill-switch: maybe
            hours: always
            approvals: [reply]
            approval-expiry: soon
          empty: {}
        roles:
          dev:
            read: [labb]
            writes: [lab]
            write: lab
            max-rows-per-run: many
            max-bytes-per-run: 10XB
            members:
              - nobody: x
              - claim: {}
              - local:
          dev: {}
        flows:
          default-role: devv
        """;

    assertThatThrownBy(() -> Samples.parse(broken))
        .isInstanceOf(PolicyException.class)
        .hasMessageContainingAll(
            "policy.yaml:1: version: this Waybill reads version 1",
            "policy.yaml:2: there is no key 'enviroments'; did you mean environments?",
            "policy.yaml:5: environments.lab.tables: 'lab' is no pattern of tables",
            "policy.yaml:6: environments.lab.kill-switch: must be true or false",
            "policy.yaml:7: environments.lab.hours: 'always' are no hours",
            "policy.yaml:8: environments.lab.approvals: 'reply' is none of replay, backfill",
            "did you mean replay?",
            "policy.yaml:9: environments.lab.approval-expiry: 'soon' is no duration",
            "policy.yaml:10: environments.empty: needs tables",
            "policy.yaml:13: roles.dev.read: there is no environment 'labb'; did you mean lab?",
            "policy.yaml:14: roles.dev: there is no key 'writes'; did you mean write?",
            "policy.yaml:15: roles.dev.write must be a list",
            "policy.yaml:16: roles.dev.max-rows-per-run: 'many' is no number of rows",
            "policy.yaml:17: roles.dev.max-bytes-per-run: not a size: '10XB'",
            "policy.yaml:19: a member is one of claim",
            "policy.yaml:20: a claim needs a name and a value",
            "policy.yaml:21: roles.dev.members.local must have one value",
            "policy.yaml:22: roles: 'dev' stands there twice",
            "policy.yaml:24: flows.default-role: there is no role 'devv'; did you mean dev?");
  }

  @Test
  void an_environment_keeps_what_it_says() {
    Environment production = Samples.company().environments().get(1);

    assertThat(production.approvals())
        .isEqualTo(Map.of(Approvable.REPLAY, 9, Approvable.BACKFILL, 9));
    assertThat(production.approvalExpiry()).isEqualTo(Duration.ofHours(2));
    assertThat(production.forbidden()).hasSize(Statement.values().length);
    assertThat(Samples.company().environments().get(2).forbidden())
        .isEqualTo(Map.of(Statement.DROP, 15));
  }

  @Test
  void the_hash_is_that_of_the_bytes() {
    assertThat(Samples.parse(BEGINNING + "roles: {}\n").hash())
        .isNotEqualTo(Samples.parse(BEGINNING + "roles: {} \n").hash())
        .hasSize(64);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: &x [1]                        | anchors and aliases are not read",
        "a: *x                            | policy.yaml:1",
        "a: !!java.net.URL [http://x]     | tags are not read",
        "version: 1\\nversion: [           | policy.yaml:",
        "[1, 2]                           | must have keys with values",
        "just text                        | must have keys with values",
        "--- {}\\n--- {}                   | policy.yaml",
        "a:\\n\\t- b                         | policy.yaml:2",
      })
  void what_is_no_policy_is_refused(String text, String expected) {
    assertThatThrownBy(() -> Samples.parse(text.strip().replace("\\n", "\n").replace("\\t", "\t")))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining(expected.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# only a comment\n", "---\n", "~"})
  void an_empty_file_is_no_policy(String text) {
    assertThatThrownBy(() -> Samples.parse(text)).isInstanceOf(PolicyException.class);
  }

  @Test
  void bombs_are_refused_without_being_opened() {
    String laughs =
        """
        a: &a [x,x,x,x,x,x,x,x,x]
        b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
        c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
        d: [*c,*c,*c,*c,*c,*c,*c,*c,*c]
        """;
    assertThatThrownBy(() -> Samples.parse(laughs)).isInstanceOf(PolicyException.class);
    assertThatThrownBy(() -> Samples.parse("[".repeat(200_000)))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> Samples.parse("a: " + "x".repeat(2 << 20)))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("larger");
    assertThatThrownBy(() -> Policy.parse(new byte[] {'a', ':', ' ', (byte) 0xff}))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void no_damage_does_more_than_be_refused() {
    Random random = new Random(8);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = Samples.COMPANY.getBytes(StandardCharsets.UTF_8);
      for (int n = random.nextInt(8); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] =
            (byte) ":-[]{}&*!|>'\"%@`#, \n\tx1\u0000~?".charAt(random.nextInt(25));
      }
      try {
        assertThat(Policy.parse(bytes).hash()).isNotEmpty();
      } catch (PolicyException e) {
        assertThat(e.problems()).isNotEmpty();
      }
    }
  }
}
