package io.waybill;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms and walls of docs/design.md. */
@AnalyzeClasses(packages = "io.waybill", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String[] CAMEL = {"org.apache.camel.."};
  private static final String[] JDBC = {"java.sql..", "javax.sql..", "org.sqlite.."};

  @ArchTest static final ArchRule secret_sees_only_the_jdk = room("secret").seesOnly();

  @ArchTest static final ArchRule vault_sees_secrets = room("vault").seesOnly("..secret..");

  @ArchTest static final ArchRule batch_sees_only_the_jdk_and_zstd = room("batch").seesOnly();

  @ArchTest
  static final ArchRule delivery_sees_only_batches = room("delivery").seesOnly("..batch..");

  @ArchTest
  static final ArchRule ledger_sees_delivery =
      room("ledger").seesOnly("..batch..", "..delivery..", "..audit..");

  @ArchTest static final ArchRule audit_sees_only_the_jdk_and_jackson = room("audit").seesOnly();

  @ArchTest
  static final ArchRule clickhouse_sees_delivery =
      room("clickhouse").seesOnly("..batch..", "..delivery..", "..secret..");

  @ArchTest
  static final ArchRule camel_sees_batch_delivery_clickhouse =
      room("camel")
          .seesOnly("..batch..", "..delivery..", "..clickhouse..", "..secret..", "..schedule..");

  @ArchTest static final ArchRule schedule_sees_only_the_jdk = room("schedule").seesOnly();

  @ArchTest static final ArchRule policy_sees_sizes = room("policy").seesOnly("..batch..");

  @ArchTest
  static final ArchRule control_sees_delivery_and_ledger =
      room("control").seesOnly("..delivery..", "..ledger..", "..audit..", "..policy..");

  @ArchTest
  static final ArchRule identity_sees_policy_and_secrets =
      room("identity").seesOnly("..policy..", "..secret..");

  @ArchTest static final ArchRule only_identity_sees_jose = onlyRoom("identity", "com.nimbusds..");

  @ArchTest
  static final ArchRule metrics_see_delivery =
      room("metrics").seesOnly("..batch..", "..delivery..");

  @ArchTest
  static final ArchRule traces_see_delivery = room("traces").seesOnly("..batch..", "..delivery..");

  @ArchTest
  static final ArchRule lineage_sees_delivery =
      room("lineage").seesOnly("..batch..", "..delivery..");

  @ArchTest
  static final ArchRule only_lineage_sees_openlineage = onlyRoom("lineage", "io.openlineage..");

  @ArchTest
  static final ArchRule only_metrics_see_micrometer =
      onlyRoom("metrics", "io.micrometer..", "io.prometheus..");

  @ArchTest
  static final ArchRule only_traces_see_opentelemetry = onlyRoom("traces", "io.opentelemetry..");

  @ArchTest
  static final ArchRule web_sees_control_and_what_it_hands_out =
      room("web")
          .seesOnly(
              "..control..", "..policy..", "..ledger..", "..delivery..", "..batch..", "..audit..");

  @ArchTest
  static final ArchRule app_does_not_see_the_command_line =
      noClasses()
          .that()
          .resideInAPackage("io.waybill.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.waybill.cli..");

  @ArchTest
  static final ArchRule no_cycles = slices().matching("io.waybill.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule pure_rooms_see_no_camel_no_client_no_jdbc =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.waybill.batch..",
              "io.waybill.delivery..",
              "io.waybill.schedule..",
              "io.waybill.policy..",
              "io.waybill.audit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(concat(concat(CAMEL, JDBC), new String[] {"com.clickhouse.."}));

  @ArchTest
  static final ArchRule only_clickhouse_sees_the_client =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.waybill.clickhouse..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.clickhouse..");

  @ArchTest
  static final ArchRule only_camel_and_app_see_camel =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.waybill.camel..", "io.waybill.app..", "io.waybill.vault..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CAMEL);

  private static ArchRule onlyRoom(String room, String... packages) {
    return noClasses()
        .that()
        .resideOutsideOfPackage("io.waybill." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages);
  }

  private static Room room(String name) {
    return new Room(name);
  }

  private static String[] concat(String[] a, String[] b) {
    String[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** A room, and what else of Waybill its classes may see. */
  private record Room(String name) {
    ArchRule seesOnly(String... these) {
      String[] allowed = new String[these.length + 1];
      allowed[0] = "io.waybill." + name + "..";
      for (int i = 0; i < these.length; i++) {
        allowed[i + 1] = "io.waybill." + these[i].replace("..", "") + "..";
      }
      return noClasses()
          .that()
          .resideInAPackage("io.waybill." + name + "..")
          .should()
          .dependOnClassesThat(
              com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage("io.waybill..")
                  .and(
                      com.tngtech.archunit.base.DescribedPredicate.not(
                          com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                              allowed))));
    }
  }
}
