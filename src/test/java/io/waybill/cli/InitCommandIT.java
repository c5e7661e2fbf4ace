package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestClickHouse;
import io.waybill.testing.TestHome;
import io.waybill.testing.WaybillProcess;
import io.waybill.testing.WaybillProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
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

  @Test
  void anExampleIsPrintedAndWrittenButNeverOverAFile() throws IOException {
    assertThat(WaybillProcess.run(home, "init", "--list").out()).contains("file", "timer");
    String text = Files.readString(Path.of("routes/examples/timer.camel.yaml"));
    assertThat(WaybillProcess.run(home, "init", "timer").out()).isEqualTo(text);
    assertThat(WaybillProcess.run(home, "init", "timer", "--write").exitCode()).isZero();
    Path written = folder.resolve("routes/timer.camel.yaml");
    assertThat(written).hasContent(text);
    Files.writeString(written, "# mine");
    Result again = WaybillProcess.run(home, "init", "timer", "--write").withoutStackTrace();
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("is there already");
    assertThat(written).hasContent("# mine");
  }

  @Test
  void aFileWinsOverAnExampleAndWhatIsNeitherNamesTheExamples() {
    Result neither = WaybillProcess.run(home, "init", "tmer").withoutStackTrace();
    assertThat(neither.exitCode()).isEqualTo(2);
    assertThat(neither.err())
        .contains("there is no file tmer")
        .contains("file, ")
        .contains("timer");
    home.write("timer", "name\nBern\n");
    Result file = WaybillProcess.run(home, "init", "timer", "--format", "CSVWithNames");
    assertThat(file.out()).contains("CREATE TABLE");
  }
}
