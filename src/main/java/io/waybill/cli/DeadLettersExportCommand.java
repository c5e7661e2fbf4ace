package io.waybill.cli;

import io.waybill.app.HomeRights;
import io.waybill.app.LedgerListings;
import io.waybill.ledger.DeadLetterFiles;
import io.waybill.ledger.DeadLetterRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes dead letters into a file that an editor mends. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Write the raw records into FILE, in their format and with their header line, and their ids"
            + " into FILE.letters. Mend FILE, then replay it with --from FILE.")
final class DeadLettersExportCommand extends WaybillCommand {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description = "A file that is not there yet.")
  private Path file;

  @Mixin private DeadLetterChoice choice;

  @Override
  int run() throws IOException {
    try (LedgerListings listings = new LedgerListings(home(), config())) {
      DeadLetterFiles files = listings.deadLetterFiles();
      List<DeadLetterRow> letters =
          listings.deadLetters(choice.selection(false), Integer.MAX_VALUE).stream()
              .filter(letter -> letter.state() == DeadLetterRow.State.STORED)
              .toList();
      if (letters.isEmpty()) {
        throw new UsageException("no dead letters are meant by this");
      }
      new HomeRights(home(), config(), System.getenv())
          .requireRead(
              "dead-letters export",
              letters.stream().map(DeadLetterRow::table).distinct().toList());
      byte[] header = onlyHeader(files, letters);
      write(file, out -> files.write(header, letters, out));
      String ids = letters.stream().map(each -> each.id() + "\n").collect(Collectors.joining());
      write(letters(file), out -> out.write(ids.getBytes(StandardCharsets.UTF_8)));
      out()
          .println(
              "%s to %s; mend it, then: ./waybill dead-letters replay --from %s"
                  .formatted(Text.count(letters.size(), "dead letter"), file, file));
      return ExitCode.OK;
    } catch (FileAlreadyExistsException e) {
      throw new UsageException(e.getFile() + " is there already; name another file");
    }
  }

  /** Where the ids of exported dead letters are. */
  static Path letters(Path file) {
    return file.resolveSibling(file.getFileName() + ".letters");
  }

  private static byte[] onlyHeader(DeadLetterFiles files, List<DeadLetterRow> letters)
      throws IOException {
    DeadLetterRow first = letters.get(0);
    byte[] header = files.header(first);
    String lastFile = first.file();
    for (DeadLetterRow letter : letters) {
      boolean same =
          letter.flow().equals(first.flow())
              && letter.format().equals(first.format())
              && (letter.file().equals(lastFile) || Arrays.equals(header, files.header(letter)));
      if (!same) {
        throw new UsageException(
            "dead letters of different flows, formats or header lines do not go into one file:"
                + " flow %s, %s and flow %s, %s; narrow them down with --flow or --run"
                    .formatted(first.flow(), first.format(), letter.flow(), letter.format()));
      }
      lastFile = letter.file();
    }
    return header;
  }

  /** What is written into a file. */
  @FunctionalInterface
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private static void write(Path to, Content content) throws IOException {
    Files.createFile(to, OWNER_ONLY);
    try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.WRITE)) {
      content.writeTo(out);
    }
  }
}
