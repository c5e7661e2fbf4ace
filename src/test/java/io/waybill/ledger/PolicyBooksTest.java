package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.ledger.ApprovalRow.Decision;
import io.waybill.ledger.ApprovalRow.State;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policy, kill switches and approvals in the ledger, and what the trail has of them. */
class PolicyBooksTest {
  private static final Instant NOON = Samples.NOON;
  private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
  @TempDir Path folder;
  private TestLedger store;
  private JdbcLedger ledger;

  TestLedger store() {
    return TestLedger.inFile(folder.resolve("ledger.db"));
  }

  @BeforeEach
  void open() {
    store = store();
    ledger = store.open();
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private List<String> trail() throws SQLException {
    try (Connection connection = store.connect()) {
      return Sql.list(
          connection, row -> row.getString(1), "SELECT event FROM audit_event ORDER BY seq");
    }
  }

  private static PolicyBook.Version version(String digest, String text) {
    return new PolicyBook.Version("/home/policy.yaml", digest, text, "ann");
  }

  @Test
  void a_policy_is_noted_once_and_each_change_with_what_was_before() throws SQLException {
    PolicyBook book = ledger.policies(CLOCK);
    book.loaded(version("d1", "one"), "+one");
    book.loaded(version("d1", "one"), "");
    book.loaded(version("d2", "two"), "-one\n+two");
    book.loaded(version("", ""), "-two");

    assertThat(trail())
        .satisfiesExactly(
            first -> assertThat(first).contains("\"policy\"", "\"loaded\"", "\"d1\"", "\"ann\""),
            second ->
                assertThat(second)
                    .contains("\"changed\"", "\"digest_before\":\"d1\"", "-one\\n+two"),
            third -> assertThat(third).contains("\"removed\"", "\"digest_before\":\"d2\""));
    assertThat(book.noted().orElseThrow().digest()).isEmpty();
  }

  @Test
  void a_refused_policy_leaves_the_one_before() throws SQLException {
    PolicyBook book = ledger.policies(CLOCK);
    book.loaded(version("d1", "one"), "");
    book.refused(version("d2", ""), "policy.yaml:3: no");
    book.refused(version("d2", ""), "policy.yaml:3: no");

    try (LedgerReader reader = store.read()) {
      PolicyFileRow row = reader.policies().get(0);
      assertThat(row.digest()).isEqualTo("d1");
      assertThat(row.text()).isEqualTo("one");
      assertThat(row.refusal().orElseThrow().reason()).isEqualTo("policy.yaml:3: no");
    }
    assertThat(trail()).hasSize(2).last().asString().contains("\"refused\"", "policy.yaml:3: no");
    book.loaded(version("d1", "one"), "");
    assertThat(book.noted().orElseThrow().refusal()).isEmpty();
    assertThat(trail()).hasSize(2);
  }

  @Test
  void a_kill_switch_is_put_on_once_and_told() throws SQLException {
    KillSwitchBook book = ledger.killSwitches();
    KillSwitchRow row = new KillSwitchRow(true, "production", "ann", NOON, "a leak");

    assertThat(book.putOn(row)).isTrue();
    assertThat(book.putOn(row)).isFalse();
    assertThat(book.on()).containsExactly(row);
    assertThat(book.putOff(new KillSwitchRow(true, "production", "bob", NOON, ""))).isTrue();
    assertThat(book.putOff(row)).isFalse();
    assertThat(book.on()).isEmpty();
    assertThat(trail())
        .satisfiesExactly(
            on ->
                assertThat(on)
                    .contains("kill-switch", "\"on\"", "\"production\"", "\"ann\"", "a leak"),
            off -> assertThat(off).contains("kill-switch", "\"off\"", "\"bob\""));
  }

  private static ApprovalRow wanted(String action, String subject) {
    return new ApprovalRow(
        0,
        action,
        "trips",
        "production",
        "policy.yaml:9",
        subject,
        "replay of flow trips",
        "ann",
        NOON,
        NOON.plus(Duration.ofHours(4)),
        Decision.NONE);
  }

  @Test
  void an_approval_is_decided_once_by_another_person() throws SQLException {
    ApprovalBook book = ledger.approvals();
    long number = book.ask(wanted("replay", "{}"));

    assertThat(book.decide(number, true, "ann", NOON)).as("by who asked").isFalse();
    assertThat(book.decide(number, true, "bob", NOON)).isTrue();
    assertThat(book.decide(number, false, "eve", NOON)).as("again").isFalse();
    ApprovalRow decided = book.find(number, NOON).orElseThrow();
    assertThat(decided.decision().state()).isEqualTo(State.APPROVED);
    assertThat(decided.decision().by()).isEqualTo("bob");
    assertThat(trail())
        .satisfiesExactly(
            asked -> assertThat(asked).contains("\"approval\"", "\"asked\"", "\"ann\""),
            given -> assertThat(given).contains("\"approved\"", "\"bob\"", "policy.yaml:9"));
  }

  @Test
  void an_approval_expires() throws SQLException {
    ApprovalBook book = ledger.approvals();
    long number = book.ask(wanted("replay", "{}"));
    Instant late = NOON.plus(Duration.ofHours(4));

    assertThat(book.decide(number, true, "bob", late)).isFalse();
    assertThat(book.find(number, late).orElseThrow().decision().state()).isEqualTo(State.EXPIRED);
    assertThat(trail()).hasSize(2).last().asString().contains("\"expired\"");
  }

  @Test
  void a_statement_is_known_by_its_digest() {
    ApprovalBook book = ledger.approvals();
    long first = book.ask(wanted("statement", "d1"));
    long second = book.ask(wanted("statement", "d1"));

    assertThat(first).isLessThan(second);
    assertThat(book.ofStatement("trips", "ann", "d1", NOON).orElseThrow().number())
        .isEqualTo(second);
    assertThat(book.ofStatement("trips", "ann", "d2", NOON)).isEmpty();
    assertThat(book.ofStatement("other", "ann", "d1", NOON)).isEmpty();
    assertThat(book.ofStatement("trips", "eve", "d1", NOON)).as("of somebody else").isEmpty();
    try (LedgerReader reader = store.read()) {
      assertThat(reader.approvals(10))
          .extracting(ApprovalRow::number)
          .containsExactly(second, first);
    }
  }
}
