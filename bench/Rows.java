import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.waybill.batch.row.JsonOut;
import io.waybill.batch.row.RowColumn;
import io.waybill.batch.row.RowEncoder;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * How many rows of ten typed columns one core writes in a second, beside Jackson, which writes the
 * same maps without knowing the columns. CPU time of the writing thread. Argument: how many rows.
 */
public final class Rows {
  private static final int ROUNDS = 7;
  private static final int DIFFERENT = 10_000;
  private static final List<RowColumn> COLUMNS =
      List.of(
          new RowColumn("id", "UInt64"),
          new RowColumn("customer", "UInt32"),
          new RowColumn("ordered_at", "DateTime64(3, 'UTC')"),
          new RowColumn("day", "Date"),
          new RowColumn("amount", "Decimal(12, 2)"),
          new RowColumn("weight", "Float64"),
          new RowColumn("state", "LowCardinality(String)"),
          new RowColumn("city", "String"),
          new RowColumn("comment", "String"),
          new RowColumn("paid", "Bool"));

  private Rows() {}

  /** Writes all rows; how many bytes. */
  private interface Writing {
    long all(List<Map<String, Object>> rows, int times) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    int times = (args.length == 0 ? 2_000_000 : Integer.parseInt(args[0])) / DIFFERENT;
    List<Map<String, Object>> rows = rows();
    Map<String, Writing> writers = new LinkedHashMap<>();
    writers.put("Waybill, by the columns' types", Rows::waybill);
    writers.put("Jackson", Rows::jackson);
    Map<String, List<Double>> rates = new HashMap<>();
    for (int round = 0; round <= ROUNDS; round++) {
      for (Map.Entry<String, Writing> each : writers.entrySet()) {
        long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long bytes = each.getValue().all(rows, times);
        double seconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began) / 1e9;
        if (bytes < 100L * DIFFERENT * times) {
          throw new IllegalStateException("too few bytes");
        }
        if (round > 0) { // the first warms up
          rates.computeIfAbsent(each.getKey(), name -> new ArrayList<>()).add(DIFFERENT * times / seconds);
        }
      }
    }
    for (String name : writers.keySet()) {
      List<Double> sorted = rates.get(name).stream().sorted().toList();
      System.out.printf(
          "%-32s %,.0f rows/s/core (%,.0f to %,.0f)%n",
          name, sorted.get(ROUNDS / 2), sorted.get(0), sorted.get(ROUNDS - 1));
    }
  }

  private static List<Map<String, Object>> rows() {
    Random random = new Random(7);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < DIFFERENT; i++) {
      Instant at = Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt());
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("id", random.nextLong() >>> 1);
      row.put("customer", random.nextInt(1_000_000));
      row.put("ordered_at", at);
      row.put("day", at.atZone(java.time.ZoneOffset.UTC).toLocalDate());
      row.put("amount", BigDecimal.valueOf(random.nextInt(10_000_000), 2));
      row.put("weight", random.nextInt(100_000) / 1000.0);
      row.put("state", List.of("new", "paid", "sent", "returned").get(random.nextInt(4)));
      row.put("city", "city number " + random.nextInt(5000));
      row.put("comment", "a few words of \"text\", " + Long.toString(random.nextLong(), 36));
      row.put("paid", random.nextBoolean());
      rows.add(row);
    }
    return rows;
  }

  private static long waybill(List<Map<String, Object>> rows, int times) throws Exception {
    RowEncoder encoder = new RowEncoder(COLUMNS, UnaryOperator.identity());
    JsonOut out = new JsonOut();
    long bytes = 0;
    for (int i = 0; i < times; i++) {
      for (Map<String, Object> row : rows) {
        if (encoder.write(row, out) > 0) {
          throw new IllegalStateException("a misfit");
        }
        if (out.size() > 1 << 16) {
          bytes += out.size();
          out.drainTo(OutputStream.nullOutputStream());
        }
      }
    }
    return bytes;
  }

  private static long jackson(List<Map<String, Object>> rows, int times) throws Exception {
    long[] bytes = {0};
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int one) {
            bytes[0]++;
          }

          @Override
          public void write(byte[] some, int from, int length) {
            bytes[0] += length;
          }
        };
    SimpleModule asText = new SimpleModule();
    asText.addSerializer(Instant.class, ToStringSerializer.instance);
    asText.addSerializer(LocalDate.class, ToStringSerializer.instance);
    ObjectMapper mapper = new ObjectMapper().registerModule(asText);
    try (SequenceWriter writer = mapper.writer().withRootValueSeparator("\n").writeValues(out)) {
      for (int i = 0; i < times; i++) {
        for (Map<String, Object> row : rows) {
          writer.write(row);
        }
      }
    }
    return bytes[0];
  }
}
