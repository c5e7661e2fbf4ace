import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Writes orders, 10 columns, about 110 bytes a row in CSV. The same number of rows gives the same
 * rows, in both formats and on every machine.
 *
 * <p>Usage: {@code java bench/Generate.java csv|ndjson ROWS > FILE}
 */
public final class Generate {
  private static final long SEED = 20_261_123;
  private static final String[] COUNTRIES = "AT BE CH DE DK ES FI FR IT NL NO PL PT SE".split(" ");
  private static final String[] STATES = "placed paid packed shipped delivered returned".split(" ");
  private static final String[] NOTES = {
    "leave it with the neighbour",
    "second floor",
    "",
    "gift, no invoice",
    "ring twice",
    "behind the \"green\" door, please"
  };
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.", Locale.ROOT);
  private static final LocalDateTime START = LocalDateTime.of(2026, 1, 1, 0, 0);
  private static final int BUFFER = 1 << 16;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final StringBuilder out = new StringBuilder(BUFFER + 1024);
  private final boolean json;
  private long millis;
  private long second = -1;
  private String secondText = "";

  private Generate(boolean json) {
    this.json = json;
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 2 || !args[0].matches("csv|ndjson")) {
      System.err.println("usage: java bench/Generate.java csv|ndjson ROWS > FILE");
      System.exit(2);
    }
    try (OutputStream file = new FileOutputStream(FileDescriptor.out)) {
      new Generate(args[0].equals("ndjson")).write(Long.parseLong(args[1]), file);
    }
  }

  private void write(long rows, OutputStream file) throws IOException {
    if (!json) {
      out.append("id,created,customer,country,product,quantity,price,status,session,note\n");
    }
    for (long id = 1; id <= rows; id++) {
      row(id);
      if (out.length() >= BUFFER) {
        flush(file);
      }
    }
    flush(file);
  }

  private void row(long id) {
    millis += random.nextInt(15_000);
    number('{', "id", Long.toString(id));
    text("created", created());
    number(',', "customer", Integer.toString(random.nextInt(500_000)));
    text("country", pick(COUNTRIES));
    text("product", "product-" + random.nextInt(1_000, 9_999));
    number(',', "quantity", Integer.toString(random.nextInt(1, 300)));
    int cents = random.nextInt(100, 100_000);
    number(',', "price", cents / 100 + "." + cents / 10 % 10 + cents % 10);
    text("status", pick(STATES));
    text("session", Long.toHexString(random.nextLong() | Long.MIN_VALUE));
    text("note", pick(NOTES));
    out.append(json ? "}\n" : "\n");
  }

  private String created() {
    if (millis / 1000 != second) {
      second = millis / 1000;
      secondText = START.plusSeconds(second).format(SECOND);
    }
    return secondText + Long.toString(1000 + millis % 1000).substring(1);
  }

  private String pick(String[] values) {
    return values[random.nextInt(values.length)];
  }

  /** A value that needs no quotes, as the first of its row if {@code before} opens one. */
  private void number(char before, String name, String value) {
    if (json) {
      out.append(before).append('"').append(name).append("\":").append(value);
    } else {
      out.append(before == '{' ? "" : ",").append(value);
    }
  }

  private void text(String name, String value) {
    if (json) {
      String escaped = value.replace("\"", "\\\"");
      out.append(",\"").append(name).append("\":\"").append(escaped).append('"');
    } else if (value.indexOf(',') >= 0 || value.indexOf('"') >= 0) {
      out.append(",\"").append(value.replace("\"", "\"\"")).append('"');
    } else {
      out.append(',').append(value);
    }
  }

  private void flush(OutputStream file) throws IOException {
    file.write(out.toString().getBytes(StandardCharsets.US_ASCII));
    out.setLength(0);
  }
}
