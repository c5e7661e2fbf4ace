package io.waybill.ledger;

import io.waybill.batch.Format;
import io.waybill.batch.Payload;
import io.waybill.batch.Records;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads the bytes of dead letters, and keeps files of those that are sent again. Thread-safe. */
public final class DeadLetterFiles {
  private final Path folder;
  private final Optional<DeadLetterArchive> archive;

  /** Of this folder of dead letters. */
  public DeadLetterFiles(Path folder) {
    this(folder, Optional.empty());
  }

  /**
   * Of this folder of dead letters; what another home stored is fetched into it.
   *
   * @param archive what all homes stored, if they share a ledger
   */
  public DeadLetterFiles(Path folder, Optional<DeadLetterArchive> archive) {
    this.folder = folder.toAbsolutePath().normalize();
    this.archive = archive;
  }

  /** Where a file lies. */
  public Path path(String file) throws IOException {
    Path path = folder.resolve(file);
    if (archive.isPresent() && Files.notExists(path)) {
      Optional<byte[]> content = archive.get().get(file);
      if (content.isPresent()) {
        OwnerOnly.createFolders(path.getParent());
        DurableFiles.write(path, out -> out.write(content.get()));
      }
    }
    return path;
  }

  /** The record of a dead letter, its line end included if it had one. */
  public byte[] raw(DeadLetterRow letter) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path(letter.file()).toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(letter.bytes())];
      file.seek(letter.fileOffset());
      file.readFully(bytes);
      return bytes;
    }
  }

  /** The header line of its source; empty for formats without. */
  public byte[] header(DeadLetterRow letter) throws IOException {
    Format format = Format.of(letter.format());
    return format.hasHeader()
        ? Records.of(Payload.of(Files.readAllBytes(path(letter.file()))), format).header()
        : new byte[0];
  }

  /** Writes a header line and the records of these dead letters, each with a line end. */
  public void write(byte[] header, List<DeadLetterRow> letters, OutputStream out)
      throws IOException {
    out.write(header);
    for (DeadLetterRow letter : letters) {
      byte[] raw = raw(letter);
      boolean withHeader = letter.fileOffset() == 0 && header.length > 0;
      out.write(raw, withHeader ? header.length : 0, raw.length - (withHeader ? header.length : 0));
      if (raw.length > 0 && raw[raw.length - 1] != '\n') {
        out.write('\n');
      }
    }
  }

  /**
   * Keeps the records of these dead letters as one file to be sent.
   *
   * @return its name in the folder
   */
  public String keep(String flow, Format format, byte[] header, List<DeadLetterRow> letters)
      throws IOException {
    return keep(flow, format, out -> write(header, letters, out));
  }

  /** Keeps a copy of a file with mended records, to be sent. */
  public String keep(String flow, Format format, Path mended) throws IOException {
    return keep(
        flow,
        format,
        out -> {
          try (InputStream in = Files.newInputStream(mended)) {
            in.transferTo(out);
          }
        });
  }

  private String keep(String flow, Format format, DurableFiles.Content content) throws IOException {
    Path ofFlow = folder.resolve(SafeNames.of(flow));
    OwnerOnly.createFolders(ofFlow);
    Path file = ofFlow.resolve("replay-" + UUID.randomUUID() + FileDeadLetters.extension(format));
    DurableFiles.write(file, content);
    DurableFiles.sync(ofFlow);
    if (archive.isPresent()) {
      archive.get().put(folder.relativize(file).toString(), Files.readAllBytes(file));
    }
    return folder.relativize(file).toString();
  }

  /** Forgets a file that nobody needs any more. */
  public void forget(String file) throws IOException {
    archive.ifPresent(shared -> shared.forget(file));
    Files.deleteIfExists(folder.resolve(file));
  }
}
