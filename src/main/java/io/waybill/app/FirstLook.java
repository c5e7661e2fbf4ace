package io.waybill.app;

import io.waybill.batch.Batch;
import io.waybill.batch.CutLimits;
import io.waybill.batch.Cutter;
import io.waybill.batch.FileSource;
import io.waybill.batch.Format;
import io.waybill.batch.SegmentPool;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.Inference;
import io.waybill.clickhouse.TableDdl;
import io.waybill.delivery.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a first look at a file suggests: a route and a table.
 *
 * @param flow name for the flow
 * @param route YAML of a route that delivers the file's folder
 * @param createTable statements that make database and table
 * @param why why this sorting key
 */
public record FirstLook(String flow, String route, String createTable, String why) {
  private static final long SAMPLE_ROWS = 25_000;
  private static final long SAMPLE_BYTES = 4L << 20;
  private static final long RECORD_BYTES = 64L << 20;

  /**
   * Looks at the first records of a file.
   *
   * @param table target; null to name it after the file
   * @throws IOException if it cannot be read, or is not what its format says
   * @throws ConfigurationException if there is nothing to see in it
   */
  public static FirstLook at(
      Path file, Format format, TableName table, String orderBy, ClickHouseClient client)
      throws IOException {
    byte[] sample = sample(file, format);
    String name = name(file);
    TableName target = table == null ? new TableName("staging", name) : table;
    TableDdl ddl =
        TableDdl.of(target, new Inference(client).columns(format, sample), orderBy, true);
    String statements = TableDdl.createDatabase(target) + ";\n" + ddl.sql() + ";";
    return new FirstLook(name, route(file, format, name, target), statements, ddl.why());
  }

  private static byte[] sample(Path file, Format format) throws IOException {
    CutLimits limits = new CutLimits(SAMPLE_ROWS, SAMPLE_BYTES, RECORD_BYTES);
    FileSource source = new FileSource(file, file.toString());
    try (Cutter cutter = Cutter.open(source, format, limits, new SegmentPool())) {
      Batch first = cutter.next(true);
      if (first == null) {
        throw new ConfigurationException(
            List.of(file + " has no records, so there is nothing to tell a table by"));
      }
      byte[] sample = first.payload().toByteArray();
      first.payload().release();
      return sample;
    }
  }

  /** The file's name up to its first dot, as an identifier. */
  private static String name(Path file) {
    String name =
        file.getFileName()
            .toString()
            .replaceFirst("(?<=.)\\..*", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "_")
            .replaceAll("^_+|_+$", "");
    return name.isEmpty() || Character.isDigit(name.charAt(0)) ? "t_" + name : name;
  }

  private static String route(Path file, Format format, String name, TableName target) {
    boolean told =
        Format.ofFileName(file.getFileName().toString()).equals(java.util.Optional.of(format));
    Path folder = file.toAbsolutePath().getParent();
    return """
        - route:
            id: %s
            from:
              uri: "file:%s?noop=true&include=%s"
              steps:
                - to: "waybill:%s%s"
        """
        .formatted(
            name, folder, pattern(file), target, told ? "" : "?format=" + format.clickHouseName());
  }

  /** Files of the same kind, as the regular expression that {@code include=} wants. */
  private static String pattern(Path file) {
    String name = file.getFileName().toString();
    int dot = name.indexOf('.', 1);
    return dot < 0 ? name : ".*" + name.substring(dot).replace(".", "[.]");
  }
}
