package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestClickHouse;
import io.waybill.testing.TestHome;
import io.waybill.testing.WaybillProcess;
import io.waybill.testing.WaybillProcess.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What init makes of files, as a process. */
@Timeout(120)
class InitCommandIT {
  @TempDir Path folder;
  private TestHome home;

  @BeforeEach
  void home() {
    home = TestHome.onTestClickHouse(folder);
  }

  @Test
  void theStatementsThatItPrintsMakeATable() {
    String table = TestClickHouse.createDatabase() + ".cities";
    home.write("cities.csv", "name,founded\nBern,2001-06-01\n");
    Result look = WaybillProcess.run(home, "init", "cities.csv", "--table", table);
    assertThat(look.exitCode()).isZero();
    assertThat(look.out()).contains("- to: \"waybill:" + table);
    String create = look.out().substring(look.out().indexOf("CREATE TABLE"));
    TestClickHouse.execute(create.substring(0, create.lastIndexOf(';')));
    assertThat(
            TestClickHouse.query(
                "SELECT name, type FROM system.columns WHERE concat(database, '.', table) = '"
                    + table
                    + "' ORDER BY position LIMIT 2"))
        .isEqualTo("name\tNullable(String)\nfounded\tDate32");
  }

  @Test
  void aColumnOfWaybillsNameIsAUsageError() {
    home.write("bad.csv", "id,_waybill_batch\n1,mine\n");
    Result look = WaybillProcess.run(home, "init", "bad.csv").withoutStackTrace();
    assertThat(look.exitCode()).isEqualTo(2);
    assertThat(look.err()).contains("the source has a column _waybill_batch");
    assertThat(look.out()).isEmpty();
  }

  @Test
  void recordsWithoutAFieldAreToldAsSuch() {
    home.write("empty.ndjson", "{}\n{}\n");
    Result look = WaybillProcess.run(home, "init", "empty.ndjson").withoutStackTrace();
    assertThat(look.exitCode()).isNotZero();
    assertThat(look.err()).contains("cannot tell columns and types by the records");
  }
}
