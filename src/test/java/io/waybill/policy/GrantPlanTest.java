package io.waybill.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.policy.GrantPlan.Difference;
import io.waybill.policy.GrantPlan.Grantee;
import io.waybill.policy.GrantPlan.KnownTable;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GrantPlanTest {
  private static final Grantee DEVELOPER = new Grantee("staging", "staging_writer");
  private static final Grantee OPS = new Grantee("", "");
  private final GrantPlan plan =
      new GrantPlan(
          Samples.company(),
          List.of(
              new KnownTable(new SqlName("staging", "trips"), "_waybill_batch"),
              new KnownTable(new SqlName("prod", "trips"), "_waybill_batch"),
              new KnownTable(new SqlName("prod", "invoices"), ""),
              new KnownTable(new SqlName("dwh_eu", "fact_day"), ""),
              new KnownTable(new SqlName("lab", "x"), "")));

  @Test
  void a_role_gets_what_the_policy_says() {
    assertThat(sql(DEVELOPER))
        .contains("GRANT SELECT ON staging.*", "GRANT INSERT ON staging.*")
        .contains("GRANT INSERT ON waybill.probe_*", "GRANT TABLE ENGINE ON Null")
        .noneMatch(each -> each.contains("prod") || each.contains("waybill.audit"));
    assertThat(sql(OPS))
        .contains("GRANT INSERT ON prod.*", "GRANT INSERT ON dwh_*.fact_*")
        .doesNotContain("GRANT INSERT ON staging.*");
  }

  @Test
  void a_table_of_an_environment_without_the_right_is_taken_out() {
    Policy policy =
        Samples.parse(
            """
            version: 1
            environments:
              prod: { tables: ["prod.*"] }
              secret: { tables: ["prod.salary", "*.pin_*"] }
            roles:
              ops: { read: [prod], write: [prod] }
            """);
    List<String> sql =
        sql(
            new GrantPlan(
                    policy, List.of(new KnownTable(new SqlName("prod", "trips"), "_waybill_batch")))
                .wanted().get(OPS).stream());

    assertThat(sql)
        .contains("GRANT SELECT ON prod.*", "REVOKE SELECT ON prod.salary")
        .contains("REVOKE INSERT ON prod.salary", "REVOKE INSERT ON *.pin_*");
  }

  @Test
  void who_writes_without_reading_may_count_batches_only() {
    Policy policy =
        Samples.parse(
            """
            version: 1
            environments:
              prod: { tables: ["prod.*"] }
            roles:
              ops: { write: [prod] }
            """);
    GrantPlan plan =
        new GrantPlan(
            policy, List.of(new KnownTable(new SqlName("prod", "trips"), "_waybill_batch")));

    assertThat(sql(plan.wanted().get(OPS).stream()))
        .contains("GRANT SELECT(_waybill_batch) ON prod.trips")
        .doesNotContain("GRANT SELECT ON prod.*");
  }

  @Test
  void what_is_granted_as_wanted_makes_no_difference() {
    List<Grant> wanted = plan.wanted().get(DEVELOPER);
    List<Grant> shown =
        wanted.stream().flatMap(each -> Grant.parse(each.sql("x")).stream()).toList();

    assertThat(plan.difference(wanted, shown)).isEqualTo(new Difference(List.of(), List.of()));
  }

  @Test
  void too_little_and_too_much_are_told() {
    List<Grant> wanted = plan.wanted().get(DEVELOPER);
    List<Grant> actual =
        Stream.of(
                "GRANT SELECT ON *.* TO x WITH GRANT OPTION",
                "REVOKE SELECT ON prod.* FROM x",
                "GRANT INSERT ON prod.trips TO x",
                "GRANT DROP TABLE ON staging.* TO x",
                "GRANT CREATE DATABASE, CREATE TABLE, DROP TABLE, INSERT ON waybill.* TO x",
                "GRANT admin TO x",
                "GRANT USAGE ON *.* TO x")
            .flatMap(line -> Grant.parse(line).stream())
            .toList();

    Difference difference = plan.difference(wanted, actual);

    assertThat(difference.missing().stream().map(Grant::words))
        .containsExactlyInAnyOrder("GRANT INSERT ON staging.*", "GRANT TABLE ENGINE ON Null");
    assertThat(difference.excess().stream().map(Grant::words))
        .contains(
            "REVOKE SELECT ON *.*",
            "REVOKE INSERT ON prod.trips",
            "REVOKE DROP TABLE ON staging.*",
            "REVOKE INSERT ON waybill.*",
            "REVOKE admin");
  }

  @Test
  void a_wide_grant_shows_where_it_is_too_wide() {
    List<Grant> wanted =
        List.of(Grant.on("INSERT", "prod", "*"), Grant.on("INSERT", "prod", "invoices").revoked());
    Difference difference = plan.difference(wanted, List.of(Grant.on("INSERT", "prod", "*")));

    assertThat(difference.missing()).isEmpty();
    assertThat(difference.excess().stream().map(Grant::words))
        .containsExactly("REVOKE INSERT ON prod.invoices");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GRANT SELECT, INSERT(a, `b c`) ON db.t TO x | GRANT SELECT ON db.t; GRANT INSERT(a, `b c`)"
            + " ON db.t",
        "GRANT SHOW TABLES, CREATE TABLE ON `d b`.* TO x | GRANT SHOW TABLES ON `d b`.*; GRANT"
            + " CREATE TABLE ON `d b`.*",
        "GRANT SELECT ON db.pre* TO x | GRANT SELECT ON db.pre*",
        "GRANT a, b TO x | GRANT a; GRANT b",
        "GRANT TABLE ENGINE ON Null TO x | GRANT TABLE ENGINE ON Null",
        "REVOKE SELECT ON db.t FROM x | REVOKE SELECT ON db.t",
      })
  void lines_of_show_grants_are_read(String line, String expected) {
    assertThat(String.join("; ", Grant.parse(line).stream().map(Grant::words).toList()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "prod,prod,true",
    "prod,dev,false",
    "*,x,true",
    "a*,*b,true",
    "a*c,abc,true",
    "a*,b*,false",
    "*a*,*b*,true",
    "a*b,ab,true",
    "a*b,a,false"
  })
  void patterns_overlap_where_a_name_fits_both(String a, String b, boolean overlap) {
    assertThat(Globs.overlap(a, b)).isEqualTo(overlap);
    assertThat(Globs.overlap(b, a)).isEqualTo(overlap);
  }

  private List<String> sql(Grantee grantee) {
    return sql(plan.wanted().get(grantee).stream());
  }

  private static List<String> sql(Stream<Grant> grants) {
    return grants.map(Grant::words).toList();
  }
}
