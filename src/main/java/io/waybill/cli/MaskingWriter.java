package io.waybill.cli;

import io.waybill.secret.Redaction;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** Takes the secrets that this process knows out of what a command prints, line by line. */
final class MaskingWriter extends Writer {
  private final Writer out;
  private final StringBuilder line = new StringBuilder();

  MaskingWriter(OutputStream out) {
    this.out = new OutputStreamWriter(out, StandardCharsets.UTF_8);
  }

  @Override
  public void write(char[] chars, int offset, int length) throws IOException {
    synchronized (lock) {
      line.append(chars, offset, length);
      int end = line.lastIndexOf("\n") + 1;
      if (end > 0) {
        out.write(Redaction.mask(line.substring(0, end)));
        line.delete(0, end);
      }
    }
  }

  /** What has no line end yet is written all the same: a person may wait for it. */
  @Override
  public void flush() throws IOException {
    synchronized (lock) {
      out.write(Redaction.mask(line.toString()));
      line.setLength(0);
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    flush();
    out.close();
  }
}
