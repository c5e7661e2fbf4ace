import io.waybill.clickhouse.embedded.EmbeddedClickHouse;
import io.waybill.clickhouse.embedded.EmbeddedSettings;
import java.nio.file.Path;

/**
 * Runs the embedded ClickHouse in a folder, for all loaders of one benchmark. Prints URL, user and
 * password, a line each, when it answers; stops when its standard input ends.
 *
 * <p>Usage: {@code java -cp 'target/waybill.jar:target/lib/*' bench/Server.java FOLDER}
 */
public final class Server {
  private Server() {}

  public static void main(String[] args) throws Exception {
    try (EmbeddedClickHouse server =
        EmbeddedClickHouse.start(EmbeddedSettings.in(Path.of(args[0])))) {
      System.out.println(server.url());
      System.out.println(server.user());
      System.out.println(server.password());
      System.out.flush();
      while (System.in.read() != -1) {
        // nothing is said to it; the end of the input is what counts
      }
    }
  }
}
