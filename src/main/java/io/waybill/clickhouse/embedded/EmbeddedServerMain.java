package io.waybill.clickhouse.embedded;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;

/**
 * The child process: loads the ClickHouse library and gives it this thread until its standard input
 * ends. ClickHouse reads the standard input itself, so closing it, or the parent's death, is the
 * clean stop.
 *
 * <p>Arguments: the library's file, then ClickHouse's own. Sees only the JDK and JNA, so that its
 * class path stays two entries.
 */
public final class EmbeddedServerMain {
  private EmbeddedServerMain() {}

  /**
   * Runs until the standard input ends; exit code 1 and ClickHouse's message on standard error if
   * it could not run.
   */
  public static void main(String[] args) {
    leaveTerminal();
    NativeLibrary library = NativeLibrary.getInstance(args[0]);
    String[] argv = args.clone();
    argv[0] = "clickhouse";
    Pointer result =
        library
            .getFunction("chdb_query_cmdline")
            .invokePointer(new Object[] {argv.length, new StringArray(argv)});
    String error =
        result == null
            ? null
            : library.getFunction("chdb_result_error").invokeString(new Object[] {result}, false);
    if (error != null) {
      System.err.println(error);
    }
    // the library's threads and static destructors are not worth waiting for: everything is on disk
    Runtime.getRuntime().halt(error == null ? 0 : 1);
  }

  /**
   * A Ctrl-C in the terminal is for the parent, which still needs this server to settle its
   * batches.
   */
  private static void leaveTerminal() {
    Function.getFunction("c", "setsid").invokeInt(new Object[0]);
  }
}
