package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictsTest {
  private static final String CANARY = "canary7f3a";
  private static final String END = " (SOME_NAME) (version 26.7.2.1)  (queryId= a06ff818)";

  private static Failure of(int code, String words) {
    return Verdicts.of(code, "Code: " + code + ". DB::Exception: " + words + END, true);
  }

  private static Verdict verdict(int code, String words) {
    return of(code, words).verdict();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        26, 27, 33, 38, 41, 69, 72, 117, 131, 376, 467, 469, 675, 676, 691, 6, 25, 70, 130, 349,
        407, 441, 563, 632, 3
      })
  void contentThatNamesItsRowIsIsolatedButNeverBehindAViewNorAfterTheTableChanged(int code) {
    String text = "Cannot parse: (at row 2) : While executing CSVRowInputFormat.";
    assertThat(verdict(code, text)).isEqualTo(Verdict.ISOLATE);
    assertThat(of(code, text).reason()).contains("record 2 of the batch");
    assertThat(verdict(code, text + " while pushing to view d.v")).isEqualTo(Verdict.UNKNOWN);
    assertThat(Verdicts.of(code, text + END, false).verdict()).isEqualTo(Verdict.HOLD);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        8, 10, 16, 36, 46, 47, 48, 50, 60, 62, 73, 81, 115, 158, 161, 164, 192, 193, 194, 195, 201,
        218, 229, 291, 307, 344, 392, 395, 396, 452, 471, 472, 497, 511, 512, 516, 565, 620, 692,
        712, 720, 741, 764, 767, 774
      })
  void mistakesOfServerOrOperatorHoldWithSomethingToDo(int code) {
    Failure failure = of(code, "no good");
    assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(failure.remedy()).isNotBlank();
    assertThat(failure.name()).isEqualTo("SOME_NAME");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        202, 203, 254, 265, 279, 285, 297, 364, 373, 439, 473, 519, 574, 700, 733, 745, 749, 762,
        776, 778, 904
      })
  void whatPassesIsTriedAgain(int code) {
    assertThat(verdict(code, "busy")).isEqualTo(Verdict.RETRY);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        23, 24, 32, 49, 74, 75, 76, 95, 96, 159, 173, 204, 209, 210, 225, 236, 241, 242, 243, 286,
        289, 319, 341, 394, 499, 500, 659, 677, 735, 777, 900, 999, 1000, 1001, 1002, 3, 33, 99999
      })
  void whatMayHaveBeenAppliedOrIsNotListedIsUnknown(int code) {
    assertThat(verdict(code, "while executing JSONEachRowRowInputFormat"))
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void readsTheTextWhereOneCodeMeansTwoThings() {
    assertThat(verdict(252, "Too many parts (300). Merges are slower")).isEqualTo(Verdict.RETRY);
    assertThat(verdict(252, "Too many partitions for single INSERT block (more than 100)"))
        .isEqualTo(Verdict.HOLD);
    assertThat(
            verdict(
                117,
                "You have carriage return: (while reading header): While executing"
                    + " TabSeparatedRowInputFormat."))
        .isEqualTo(Verdict.HOLD);
    assertThat(verdict(469, "Constraint `c` for table d.t is violated. Expression: (a < 200)"))
        .isEqualTo(Verdict.ISOLATE);
    assertThat(verdict(27, "Cannot parse something of the server's own"))
        .isEqualTo(Verdict.UNKNOWN);
    assertThat(verdict(216, "Query with id = x is already running")).isEqualTo(Verdict.WAIT);
    assertThat(verdict(389, "Block was deduplicated")).isEqualTo(Verdict.SETTLED);
  }

  @Test
  void namesTheColumnThatTheTableHasNot() {
    assertThat(
            of(
                    117,
                    "Unknown field found while parsing JSONEachRow format: a b:c: (at row 2) : While"
                        + " executing JSONEachRowRowInputFormat.")
                .reason())
        .isEqualTo("the source has the column a b:c, which the table has not");
    assertThat(
            of(
                    117,
                    "Unknown field found in format header: 'it's' at position 2 Set the"
                        + " 'input_format_skip_unknown_fields' parameter")
                .verdict())
        .isEqualTo(Verdict.HOLD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cannot parse input: expected ',' before: '"
            + CANARY
            + ",\\'(at row 99) column "
            + CANARY
            + "': (at row 2) : Row 1: Column 0, name: a, type: UInt8, parsed text: \""
            + CANARY
            + "\" Column 1, name: b, type: UInt8, ERROR: text \""
            + CANARY
            + "\" is not like UInt8 : While executing CSVRowInputFormat.",
        "Constraint `c` for table d.t is violated at row 2. Expression: (b != ''). Column values: b ="
            + " '"
            + CANARY
            + "'.",
        "Syntax error: failed at position 43 (" + CANARY + ") (line 1): " + CANARY + " FORMAT CSV",
        "Bad value in scope SELECT '" + CANARY + "'.",
        "Value '" + CANARY + "' is bad: (at row 2) : While executing CSVRowInputFormat."
      })
  void saysNothingOfTheValuesThatClickHouseQuotes(String text) {
    for (int code : new int[] {3, 26, 27, 33, 69, 117, 469, 62, 241, 36, 60, 47, 252, 12345}) {
      if ((code == 60 || code == 47 || code == 252) && text.startsWith("Constraint")) {
        continue; // not what these codes say
      }
      assertThat(of(code, text).toString()).doesNotContain(CANARY);
    }
    assertThat(of(27, text).reason()).doesNotContain("99");
  }

  @Test
  void namesRecordAndColumnOfRefusedContent() {
    assertThat(
            of(
                    27,
                    "Cannot parse input: expected '\"' before: 'x': (while reading the value of key the"
                        + " id): (at row 7) : While executing JSONEachRowRowInputFormat.")
                .reason())
        .isEqualTo("ClickHouse cannot take the content, record 7 of the batch, column the id");
  }

  @Test
  void wordsReadWellWithoutNameVersionAndQueryId() {
    assertThat(of(60, "Table d.nix does not exist.").reason())
        .isEqualTo("Table d.nix does not exist");
    assertThat(of(81, "Database e does not exist. Maybe you meant d?.").reason())
        .isEqualTo("Database e does not exist. Maybe you meant d?");
  }
}
