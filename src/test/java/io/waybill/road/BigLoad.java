package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.BatchState;
import io.waybill.ledger.BatchRow;
import io.waybill.testing.TestClickHouse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One large CSV file and its table. The records are a formula, so that ClickHouse itself can say
 * what should be there without having seen the file.
 */
final class BigLoad {
  static final String FLOW = "big";
  private static final String FORMULA =
      """
      SELECT number AS id, concat('row "', toString(number * 7919 %% 1000003), if(number %% 10 = 0, '"\\n', '"')) AS text,
        toInt64(number %% 2003) - 1000 AS amount FROM numbers(%d)""";
  private static final String SUMMARY =
      "SELECT count(), uniqExact(id), sum(amount), sum(cityHash64(id, text, amount)),"
          + " groupBitXor(cityHash64(id, text, amount)) FROM (%s)";
  private final RoadHome home;
  private final int rows;

  private BigLoad(RoadHome home, int rows) {
    this.home = home;
    this.rows = rows;
  }

  static BigLoad of(RoadHome home, int rows, String options) {
    home.table(FLOW, "id UInt64, text String, amount Int64").flow(FLOW, options);
    BigLoad load = new BigLoad(home, rows);
    load.writeFile();
    return load;
  }

  private void writeFile() {
    Path file = home.drop(FLOW, "big.csv", "");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("id,text,amount\n");
      for (long id = 0; id < rows; id++) {
        out.write(
            "%d,\"row \"\"%d\"\"%s\",%d\n"
                .formatted(id, id * 7919 % 1000003, id % 10 == 0 ? "\n" : "", id % 2003 - 1000));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All batches that were planned up to now. */
  List<BatchRow> batches() {
    return home.batches();
  }

  long planned() {
    return batches().size();
  }

  long settled() {
    return batches().stream().filter(batch -> batch.state() == BatchState.COMMITTED).count();
  }

  boolean isComplete() {
    return home.states(FLOW).contains("completed");
  }

  /** Every row once, the ledger says the same, and the papers match the batches one to one. */
  void assertWhole() {
    assertThat(home.states(FLOW)).containsExactly("completed");
    assertThat(summary("SELECT id, text, amount FROM %s.%s".formatted(home.database(), FLOW)))
        .isEqualTo(summary(FORMULA.formatted(rows)));
    assertThat(home.runs(FLOW).get(0).rows()).isEqualTo(rows);
    assertThat(batches()).extracting(BatchRow::state).containsOnly(BatchState.COMMITTED);
    assertRangesJoin();
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  private void assertRangesJoin() {
    List<BatchRow> batches = batches();
    for (int i = 1; i < batches.size(); i++) {
      assertThat(batches.get(i).position().from()).isEqualTo(batches.get(i - 1).position().to());
    }
  }

  private static String summary(String rows) {
    return TestClickHouse.query(SUMMARY.formatted(rows));
  }
}
