package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.waybill.app.Application;
import io.waybill.camel.FlowHold;
import io.waybill.testing.TestS3;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects of a real S3 server. */
final class S3IT {
  private static final String FLOW = "objects";
  private static final int MANY = 300_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String BUCKET = "inbox";
  @TempDir Path folder;
  @TempDir Path store;
  private TestS3 s3;
  private RoadHome home;

  @BeforeEach
  void start() {
    s3 = TestS3.start(store);
    s3.client().createBucket(request -> request.bucket(BUCKET));
    home = RoadHome.in(folder).table(FLOW, "id UInt64, text String");
  }

  @AfterEach
  void stop() {
    s3.close();
  }

  private void flow(String options) {
    flow(s3.url(), TestS3.SECRET_KEY, options);
  }

  private void flow(String url, String secret, String options) {
    home.route(
        FLOW,
        """
        - route:
            id: objects
            from:
              uri: aws2-s3:inbox
              parameters:
                accessKey: %s
                secretKey: %s
                region: us-east-1
                overrideEndpoint: true
                uriEndpointOverride: %s
                forcePathStyle: true
                initialDelay: 0
                delay: 100
                %s
              steps:
                - to: %s
        """
            .formatted(
                TestS3.ACCESS_KEY, secret, url, options, home.target(FLOW, "batchRows=5000")));
  }

  private static String csv(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(id -> id + ",text of row " + id)
        .collect(Collectors.joining("\n", "id,text\n", "\n"));
  }

  private void once() {
    RoadHome.Ended ended = home.once();
    assertThat(ended.problems()).isEmpty();
    assertThat(ended.holds()).isEmpty();
  }

  private void assertRows(int count) {
    assertThat(
            home.rows(
                FLOW,
                "count(), uniqExact(id), max(id), countIf(text = concat('text of row ', toString(id)))"))
        .containsExactly("%1$d\t%1$d\t%2$d\t%1$d".formatted(count, count - 1));
    Carried.assertPapers(home);
  }

  @Test
  void arriveOnceAndGrownOnesDeliverTheirTail() {
    flow("deleteAfterRead: false");
    s3.put(BUCKET, "a.csv", csv(0, 12_000));
    once();
    assertRows(12_000);
    once();
    assertRows(12_000);
    assertThat(home.runs(FLOW)).hasSize(1);
    s3.put(BUCKET, "a.csv", csv(0, 13_000));
    once();
    assertRows(13_000);
    assertThat(s3.keys(BUCKET)).containsExactly("a.csv");
    assertThat(home.files("data/spool/" + FLOW)).isEmpty();
  }

  @Test
  void keysOfAnyKindArePlacesOfTheirOwn() throws IOException {
    flow("deleteAfterRead: true");
    s3.put(BUCKET, "folder/", "");
    s3.put(BUCKET, "empty.csv", "");
    s3.put(BUCKET, "a b/für alle+x.csv", csv(0, 10));
    s3.put(BUCKET, "deep/..dots../a&b=c#d.csv", csv(10, 20));
    s3.put(BUCKET, "deep/part.csv.gz", gzip(csv(20, 30)));
    s3.put(BUCKET, "rows.json", "[{\"id\": 30, \"text\": \"text of row 30\"}]");
    once();
    assertRows(31);
    assertThat(s3.keys(BUCKET)).isSubsetOf("folder/");
    assertThat(home.files("data/spool/" + FLOW)).isEmpty();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }

  @Test
  void anObjectInPartsAndAPackedOneArriveOnceAndAreMovedAway() {
    String done = "delivered";
    s3.client().createBucket(request -> request.bucket(done));
    flow("moveAfterRead: true\n        destinationBucket: " + done);
    String first = csv(0, MANY);
    assertThat(first.length()).isGreaterThan(5 << 20); // what S3 wants of all parts but the last
    String rest = csv(MANY, MANY + 10).substring("id,text\n".length());
    s3.putInParts(BUCKET, "whole.csv", List.of(first, rest));
    s3.put(
        BUCKET,
        "deep/more.csv.zst",
        Zstd.compress(csv(MANY + 10, MANY + 20).getBytes(StandardCharsets.UTF_8)));
    once();
    assertRows(MANY + 20);
    assertThat(s3.keys(BUCKET)).allMatch(key -> key.endsWith("/"));
    assertThat(s3.keys(done)).contains("whole.csv", "deep/more.csv.zst");
    once();
    assertRows(MANY + 20);
  }

  @Test
  void keysThatLeadOutOfAFolderLeadNowhere() {
    flow("deleteAfterRead: false");
    List<String> keys = List.of("a/../../out.csv", "..%2f..%2fout.csv", "-rf.csv", "a\\b.csv");
    int from = 0;
    for (String key : keys) {
      if (s3.tryPut(BUCKET, key, csv(from, from + 5))) {
        from += 5;
      }
    }
    assertThat(from).isPositive();
    once();
    assertRows(from);
    assertThat(folder.getParent().resolve("out.csv")).doesNotExist();
    assertThat(folder.resolve("out.csv")).doesNotExist();
    assertThat(folder.resolve("data/out.csv")).doesNotExist();
  }

  @Test
  void moreObjectsThanAPageHoldsAreReadAndThenKnown() {
    flow("deleteAfterRead: false");
    int page = 1_000;
    for (int i = 0; i < page; i++) {
      s3.put(BUCKET, "folders/%04d/".formatted(i), "");
    }
    int many = 30;
    for (int i = 0; i < many; i++) {
      s3.put(
          BUCKET, "small/%05d.csv".formatted(i), "id,text\n%1$d,text of row %1$d\n".formatted(i));
    }
    once();
    assertRows(many);
    assertThat(home.runs(FLOW)).hasSize(many);
    once();
    assertThat(home.runs(FLOW)).hasSize(many);
    assertRows(many);
  }

  @Test
  void anObjectThatIsKnownIsNotFetched() throws IOException {
    flow("deleteAfterRead: false");
    s3.put(BUCKET, "a.csv", csv(0, 100));
    s3.put(BUCKET, "rows.json", "[{\"id\": 100, \"text\": \"text of row 100\"}]");
    once();
    assertRows(101);
    // the same size, time and tag in the listing, and nothing behind them that could be read
    breakObjects();
    once();
    assertRows(101);
    assertThat(home.states(FLOW)).containsExactly("completed", "completed");
  }

  private void breakObjects() throws IOException {
    for (String key : List.of("a.csv", "rows.json")) {
      Path file = store.resolve("data").resolve(BUCKET).resolve(key);
      FileTime modified = Files.getLastModifiedTime(file);
      byte[] bytes = Files.readAllBytes(file);
      Arrays.fill(bytes, (byte) 'x');
      Files.write(file, bytes);
      Files.setLastModifiedTime(file, modified);
    }
  }

  @Test
  void otherBytesThanTheTagSaysAreNotDelivered() throws IOException {
    flow("deleteAfterRead: true");
    s3.put(BUCKET, "a.csv", csv(0, 100));
    Path file = store.resolve("data").resolve(BUCKET).resolve("a.csv");
    byte[] whole = Files.readAllBytes(file);
    byte[] broken = whole.clone();
    broken[broken.length - 2] = 'x';
    Files.write(file, broken);
    home.once();
    assertThat(home.runs(FLOW)).isEmpty();
    assertThat(s3.keys(BUCKET)).containsExactly("a.csv");
    assertThat(home.files("data/spool/" + FLOW)).noneMatch(name -> !name.endsWith(".id"));
    Files.write(file, whole);
    once();
    assertRows(100);
  }

  @Test
  void whatIsReplacedWhileItIsDeliveredStaysAndIsDeliveredAsWell() {
    home.route(
        FLOW,
        """
        - route:
            id: objects
            from:
              uri: "%1$s&deleteAfterRead=true&initialDelay=0&delay=100"
              steps:
                - to: %2$s
                - filter:
                    simple: ${header.CamelWaybillRows} == 3
                    steps:
                      - delay: {constant: 4000}
        """
            .formatted(
                "aws2-s3:inbox?accessKey=%s&secretKey=%s&region=us-east-1&overrideEndpoint=true&uriEndpointOverride=%s&forcePathStyle=true"
                    .formatted(TestS3.ACCESS_KEY, TestS3.SECRET_KEY, s3.url()),
                home.target(FLOW, "")));
    s3.put(BUCKET, "a.csv", csv(0, 3));
    try (Application application = home.start(false)) {
      Awaitility.await().atMost(PATIENCE).until(this::isDelivered);
      s3.put(BUCKET, "a.csv", csv(3, 5));
      Awaitility.await().atMost(PATIENCE).until(() -> s3.keys(BUCKET).isEmpty());
      assertThat(application.holds()).isEmpty();
    }
    assertRows(5);
  }

  @Test
  void aServerThatIsAwayWhenWaybillStartsIsAskedAgain() throws Exception {
    s3.put(BUCKET, "a.csv", csv(0, 1000));
    s3.kill9();
    flow("deleteAfterRead: false");
    try (Application application = home.start(false)) {
      assertThat(application.problems()).isEmpty();
      s3.restart();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> home.rows(FLOW, "count()").equals(List.of("1000")));
    }
    assertRows(1000);
  }

  @Test
  void aWrongSecretAndAMissingBucketHoldTheFlowUntilTheyAreMended() throws Exception {
    s3.put(BUCKET, "a.csv", csv(0, 10));
    flow(s3.url(), "wrong", "deleteAfterRead: true");
    RoadHome.Ended ended = home.once();
    assertThat(ended.holds())
        .singleElement()
        .asString()
        .contains("S3 refuses", "s3:ListBucket")
        .doesNotContain("wrong");
    flow("deleteAfterRead: true");
    s3.client().deleteObject(request -> request.bucket(BUCKET).key("a.csv"));
    s3.client().deleteBucket(request -> request.bucket(BUCKET));
    try (Application application = home.start(false)) {
      Awaitility.await().atMost(PATIENCE).until(() -> !application.holds().isEmpty());
      assertThat(application.holds())
          .extracting(FlowHold::reason)
          .singleElement()
          .asString()
          .contains("no bucket inbox");
      s3.client().createBucket(request -> request.bucket(BUCKET));
      s3.put(BUCKET, "a.csv", csv(0, 10));
      Awaitility.await().atMost(PATIENCE).until(() -> s3.keys(BUCKET).isEmpty());
    }
    assertRows(10);
  }

  @Test
  void outliveAKillOfWaybill() {
    flow("deleteAfterRead: true");
    s3.put(BUCKET, "a.csv", csv(0, MANY));
    try (Child child = home.child()) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> home.batches().size() >= 10 || !child.isAlive());
      assertThat(child.isAlive()).as(child.output()).isTrue();
      child.kill9();
    }
    assertThat(home.states(FLOW)).doesNotContain("completed");
    once();
    assertRows(MANY);
    assertThat(s3.keys(BUCKET)).isEmpty();
    assertThat(home.files("data/spool/" + FLOW)).isEmpty();
  }

  @Test
  void outliveAServerThatIsKilledInMidTransfer() throws Exception {
    flow("deleteAfterRead: true");
    s3.put(BUCKET, "a.csv", csv(0, 3 * MANY));
    try (Application application = home.start(false)) {
      for (int i = 0; i < 2; i++) {
        Awaitility.await().atMost(PATIENCE).until(() -> isSpooling() || isDelivered());
        s3.kill9();
        s3.restart();
      }
      Awaitility.await().atMost(PATIENCE).until(() -> s3.keys(BUCKET).isEmpty());
      assertThat(application.holds()).isEmpty();
      assertRows(3 * MANY);
    }
    assertThat(home.states(FLOW)).containsExactly("completed");
  }

  private boolean isSpooling() {
    return home.files("data/spool/" + FLOW).stream().anyMatch(name -> name.startsWith("part-"));
  }

  private boolean isDelivered() {
    return home.states(FLOW).contains("completed");
  }
}
