package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verdict on every code, and on the texts that change it. */
class VerdictsTest {

  @ParameterizedTest
  @ValueSource(
      ints = {
        6, 25, 26, 27, 33, 38, 41, 69, 70, 72, 117, 130, 131, 349, 376, 407, 441, 467, 469, 563,
        632, 675, 676, 691
      })
  void contentThatNamesARowIsIsolated(int code) {
    Failure failure = judge(code, "Cannot parse 'secret': (at row 12)\n: While executing X.");
    assertThat(failure.verdict()).isEqualTo(Verdict.ISOLATE);
    assertThat(failure.reason()).isEqualTo("ClickHouse refused the content at row 12");
    assertThat(failure.name()).isEqualTo("SOME_NAME");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        6, 25, 26, 27, 33, 38, 41, 69, 70, 72, 117, 130, 131, 349, 376, 407, 441, 467, 469, 563,
        632, 675, 676, 691
      })
  void contentThatNamesNoRowAndNoInputIsUnknown(int code) {
    Failure failure = judge(code, "Cannot parse 'secret'");
    assertThat(failure.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(failure.reason()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        8, 10, 16, 36, 46, 47, 48, 50, 60, 62, 73, 81, 115, 158, 161, 164, 192, 193, 194, 195, 201,
        218, 229, 291, 307, 344, 392, 395, 396, 452, 471, 472, 497, 511, 512, 516, 565, 620, 692,
        712, 720, 741, 764, 767, 774
      })
  void theOperatorsMistakesAreHeldWithARemedy(int code) {
    Failure failure = judge(code, "Something is wrong with it.");
    assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(failure.reason()).isEqualTo("Something is wrong with it.");
    assertThat(failure.remedy()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        202, 203, 254, 265, 279, 285, 297, 364, 373, 439, 473, 519, 574, 700, 733, 745, 749, 762,
        776, 778, 904
      })
  void whatPassesIsRetried(int code) {
    assertThat(judge(code, "Busy.").verdict()).isEqualTo(Verdict.RETRY);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        3, 23, 24, 32, 49, 74, 75, 76, 95, 96, 159, 173, 204, 209, 210, 225, 236, 241, 242, 243,
        286, 289, 319, 341, 394, 499, 500, 659, 677, 735, 777, 900, 999, 1000, 1001, 1002
      })
  void whatMayHaveBeenAppliedIsUnknownAndQuotesNothing(int code) {
    Failure failure = judge(code, "Who knows 'secret'");
    assertThat(failure.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(failure.reason()).doesNotContain("secret");
  }

  @Test
  void noOtherCodeIsAnythingButUnknownWithoutItsText() {
    long listed =
        IntStream.rangeClosed(1, 2000)
            .filter(code -> VerdictTable.of(code) != Verdict.UNKNOWN)
            .count();
    // content 24, hold 45, retry 21, and 216 and 389
    assertThat(listed).isEqualTo(24 + 45 + 21 + 2);
  }

  @Test
  void aRunningAttemptIsWaitedForAndAKnownBlockIsSettled() {
    assertThat(judge(216, "Query with id = x is already running.").verdict())
        .isEqualTo(Verdict.WAIT);
    assertThat(judge(389, "Block was deduplicated.").verdict()).isEqualTo(Verdict.SETTLED);
  }

  @Test
  void tooManyPartitionsAreNotTooManyParts() {
    assertThat(judge(252, "Too many partitions for single INSERT block (more than 100).").verdict())
        .isEqualTo(Verdict.HOLD);
    assertThat(judge(252, "Too many parts (3000 with average size of 1 KiB).").verdict())
        .isEqualTo(Verdict.RETRY);
    assertThat(judge(252, "Too many of something.").verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void aHeaderThatDoesNotFitIsHeld() {
    Failure unknown =
        judge(
            117,
            "Unknown field found in format header: 'zz' at position 1\nSet the parameter: (while"
                + " reading header): While executing ParallelParsingBlockInputFormat.");
    Failure twice =
        judge(
            117,
            "Duplicate field found while parsing format header: id: (while reading header): While"
                + " executing ParallelParsingBlockInputFormat.");
    assertThat(unknown.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(unknown.reason()).contains("'zz'");
    assertThat(twice.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(twice.reason()).isEqualTo("the header line does not fit the table");
  }

  @ParameterizedTest
  @ValueSource(ints = {27, 469, 252, 241, 202, 159})
  void aFailingViewIsNeverIsolatedNorTakenForNothingApplied(int code) {
    Failure failure =
        judge(code, "Too many parts: (at row 3): while pushing to view db.v (0000-00).");
    assertThat(failure.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(failure.reason()).startsWith("a materialized view failed");
  }

  @Test
  void aViewWithoutItsTargetIsHeld() {
    assertThat(judge(60, "Table db.target does not exist: while pushing to view db.v").verdict())
        .isEqualTo(Verdict.HOLD);
  }

  @Test
  void contentIsNotBlamedWhenTheTableChanged() {
    String text = text("Cannot parse: (at row 3)\n: While executing CSVRowInputFormat.");
    assertThat(Verdicts.of(27, text, false).verdict()).isEqualTo(Verdict.HOLD);
    assertThat(Verdicts.of(27, text, true).verdict()).isEqualTo(Verdict.ISOLATE);
  }

  @Test
  void theLastRowNumberCountsSinceRowsAreQuotedBeforeIt() {
    Failure failure =
        judge(
            27,
            """
            Cannot parse input: expected ',' before: 'x (at row 99) y': (at row 2)
            :
            Row 2:
            Column 0,   name: id, type: Int32, ERROR: text "x" is not like Int32

            : While executing ParallelParsingBlockInputFormat.""");
    assertThat(failure.reason()).isEqualTo("ClickHouse refused the content at row 2, column id");
  }

  @Test
  void aConstraintGivesItsRowAndNoValues() {
    Failure failure =
        judge(
            469,
            "Constraint `c` for table t.t (e718) is violated at row 2. Expression: (id > 0)."
                + " Column values: id = -2.");
    assertThat(failure.verdict()).isEqualTo(Verdict.ISOLATE);
    assertThat(failure.reason()).isEqualTo("ClickHouse refused the content at row 2");
  }

  @Test
  void anErrorWithoutANameHasOneAllTheSame() {
    assertThat(Verdicts.of(60, "no such table", true).name()).isEqualTo("UNKNOWN");
  }

  private static Failure judge(int code, String sentence) {
    return Verdicts.of(code, text(sentence), true);
  }

  private static String text(String sentence) {
    return "Code: 1. DB::Exception: "
        + sentence
        + " (SOME_NAME) (version 26.7.2.1) (queryId= 7c3e)";
  }
}
