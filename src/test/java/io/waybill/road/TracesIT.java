package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever takes OTLP gets spans of run, batch and insert, and finds the insert in query_log. */
@Timeout(180)
final class TracesIT {
  @TempDir Path folder;
  private HttpServer collector;
  private final List<Span> spans = new CopyOnWriteArrayList<>();

  /** A span, by the field numbers of opentelemetry/proto/trace/v1/trace.proto. */
  private record Span(String name, String trace, String id, String parent) {
    static List<Span> of(UnknownFieldSet request) throws IOException {
      List<Span> found = new ArrayList<>();
      for (UnknownFieldSet resource : messages(request, 1)) {
        for (UnknownFieldSet scope : messages(resource, 2)) {
          for (UnknownFieldSet span : messages(scope, 2)) {
            found.add(
                new Span(
                    bytes(span, 5).toStringUtf8(),
                    hex(bytes(span, 1)),
                    hex(bytes(span, 2)),
                    hex(bytes(span, 4))));
          }
        }
      }
      return found;
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet of, int field)
        throws IOException {
      List<UnknownFieldSet> found = new ArrayList<>();
      for (ByteString each : of.getField(field).getLengthDelimitedList()) {
        found.add(UnknownFieldSet.parseFrom(each));
      }
      return found;
    }

    private static ByteString bytes(UnknownFieldSet of, int field) {
      List<ByteString> found = of.getField(field).getLengthDelimitedList();
      return found.isEmpty() ? ByteString.EMPTY : found.get(0);
    }

    private static String hex(ByteString bytes) {
      return HexFormat.of().formatHex(bytes.toByteArray());
    }
  }

  @BeforeEach
  void collect() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
          byte[] body =
              packed
                  ? new GZIPInputStream(exchange.getRequestBody()).readAllBytes()
                  : exchange.getRequestBody().readAllBytes();
          spans.addAll(Span.of(UnknownFieldSet.parseFrom(body)));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
  }

  @AfterEach
  void end() {
    collector.stop(0);
  }

  private List<Span> named(String name) {
    return spans.stream().filter(span -> span.name().equals(name)).toList();
  }

  @Test
  void spansOfRunBatchAndInsertLieInOneAnotherAndTheQueryKnowsTheTrace() {
    RoadHome home =
        RoadHome.in(folder)
            .set("waybill.traces.endpoint", "http://127.0.0.1:" + collector.getAddress().getPort())
            .table("trips", "id UInt64")
            .flow("trips", "batchRows=2");
    home.drop("trips", "a.csv", "id\n1\n2\n3\n");
    assertThat(home.once().holds()).isEmpty();
    assertThat(named("run")).singleElement().extracting(Span::parent).isEqualTo("");
    Span run = named("run").get(0);
    assertThat(named("batch")).hasSize(2);
    assertThat(named("batch"))
        .allSatisfy(
            batch -> {
              assertThat(batch.parent()).isEqualTo(run.id());
              assertThat(batch.trace()).isEqualTo(run.trace());
            });
    assertThat(named("insert"))
        .extracting(Span::parent)
        .containsExactlyInAnyOrderElementsOf(named("batch").stream().map(Span::id).toList());
    home.query("SYSTEM FLUSH LOGS");
    assertThat(
            home.query(
                    """
                    SELECT DISTINCT JSONExtractString(log_comment, 'span_id') AS span
                    FROM system.query_log
                    WHERE JSONExtractString(log_comment, 'trace_id') = '%s'
                      AND JSONExtractString(log_comment, 'run') = '%s'
                    ORDER BY span"""
                        .formatted(run.trace(), home.runs("trips").get(0).id()))
                .lines())
        .containsExactlyInAnyOrderElementsOf(named("insert").stream().map(Span::id).toList());
  }
}
