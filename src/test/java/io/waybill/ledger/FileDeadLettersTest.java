package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.batch.DataSize;
import io.waybill.batch.Format;
import io.waybill.batch.Payload;
import io.waybill.batch.Places.Place;
import io.waybill.batch.Records;
import io.waybill.delivery.BadRecord;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.DeadLettersFullException;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDeadLettersTest {
  @TempDir Path home;

  private static BatchPlan plan(String flow) {
    Unit unit = new Unit(1, flow, "a.csv", 0, Samples.TABLE, Format.CSV_WITH_NAMES, Samples.STAMP);
    return Samples.plan(new Run("r1", flow, 1, RunState.RUNNING, "", "", Samples.NOON), unit, 1);
  }

  private List<DeadLetter> store(String flow, String content) throws IOException {
    return store(flow, content, "1MB");
  }

  /** All records of this content, as if they were refused. */
  private List<DeadLetter> store(String flow, String content, String most) throws IOException {
    Records records =
        Records.of(Payload.of(content.getBytes(StandardCharsets.UTF_8)), Format.CSV_WITH_NAMES);
    List<BadRecord> bad = new ArrayList<>();
    for (int i = 0; i < records.count(); i++) {
      Place place = new Place(i + 1, 8 + i, i + 2);
      bad.add(new BadRecord(place, records.length(i), Samples.REFUSED, "name"));
    }
    return new FileDeadLetters(home.resolve("data/dead-letters"), DataSize.parse(most))
        .store(plan(flow), "/in/a.csv", records, bad, Samples.NOON);
  }

  private List<String> files() throws IOException {
    Path folder = home.resolve("data/dead-letters");
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void bytesAndPapersAreStoredAsTheyWere() throws IOException {
    List<DeadLetter> letters = store("trips", "id,name\n1,ä\n2,\"b\nc\"\n");

    assertThat(letters).extracting(DeadLetter::id).containsExactly("r1-00001-1", "r1-00001-2");
    assertThat(letters).extracting(DeadLetter::fileOffset).containsExactly(8L, 13L);
    assertThat(letters)
        .allSatisfy(letter -> assertThat(letter.file()).isEqualTo("trips/r1-00001.csv"));
    assertThat(files()).containsExactly("trips/r1-00001.csv", "trips/r1-00001.json");
    Path folder = home.resolve("data/dead-letters/trips");
    assertThat(folder.resolve("r1-00001.csv")).hasContent("id,name\n1,ä\n2,\"b\nc\"\n");
    JsonNode papers = new ObjectMapper().readTree(folder.resolve("r1-00001.json").toFile());
    assertThat(papers.get("table").asText()).isEqualTo("staging.trips");
    assertThat(papers.at("/records/0/reason").asText()).isEqualTo("row 3 does not parse");
    assertThat(papers.get("time").asText()).isEqualTo("2026-11-23T12:00:00.123456Z");
    assertThat(papers.get("batch_token").asText()).isEqualTo(plan("trips").token());
    assertThat(papers.get("batch_rows").asLong()).isEqualTo(10);
    assertThat(papers.at("/records/1/line").asLong()).isEqualTo(3);
    assertThat(papers.at("/records/1/column").asText()).isEqualTo("name");
  }

  @Test
  void moreThanTheFolderMayHoldIsRefusedAndNothingIsDropped() throws IOException {
    store("trips", "id,name\n1,a\n");

    assertThatThrownBy(() -> store("other", "id,name\n2,b\n", "100"))
        .isInstanceOf(DeadLettersFullException.class)
        .hasMessageContaining("of 100");
    assertThat(files()).containsExactly("trips/r1-00001.csv", "trips/r1-00001.json");
  }

  @Test
  void nobodyElseMayReadThem() throws IOException {
    store("trips", "id\n1\n");

    Path folder = home.resolve("data/dead-letters");
    for (Path made : List.of(home.resolve("data"), folder, folder.resolve("trips"))) {
      assertThat(Files.getPosixFilePermissions(made)).isEqualTo(OwnerOnly.FOLDER);
    }
    for (String file : files()) {
      assertThat(Files.getPosixFilePermissions(folder.resolve(file))).isEqualTo(OwnerOnly.FILE);
    }
  }

  @Test
  void storingABatchAgainReplacesItAndWhatACrashLeft() throws IOException {
    Path folder = home.resolve("data/dead-letters/trips");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(".r1-00001.csv.part"), "half of i");
    store("trips", "id\n1\n");
    store("trips", "id\n2\n");

    assertThat(files()).containsExactly("trips/r1-00001.csv", "trips/r1-00001.json");
    assertThat(folder.resolve("r1-00001.csv")).hasContent("id\n2\n");
  }

  @Test
  void noNameOfAFlowLeavesTheFolder() throws IOException {
    store("../../etc/ü", "id\n1\n");

    assertThat(files())
        .containsExactly(
            "%2E.%2F..%2Fetc%2F%C3%BC/r1-00001.csv", "%2E.%2F..%2Fetc%2F%C3%BC/r1-00001.json");
  }

  @Test
  void differentNamesStayDifferent() {
    String longName = "f".repeat(300);
    assertThat(
            Stream.of("a/b", "a%2Fb", "a b", "a.b", ".", "..", "", "%", longName, longName + "g")
                .map(SafeNames::of))
        .doesNotHaveDuplicates()
        .allSatisfy(name -> assertThat(name).hasSizeBetween(1, 200).doesNotContain("/"));
  }

  @Test
  void aFolderThatCannotBeMadeIsAnError() throws IOException {
    Files.writeString(home.resolve("data"), "a file");

    assertThatThrownBy(() -> store("trips", "id\n1\n")).isInstanceOf(IOException.class);
  }
}
