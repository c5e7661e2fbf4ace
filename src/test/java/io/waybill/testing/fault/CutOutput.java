package io.waybill.testing.fault;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes the first bytes on and then throws {@link CutException}. */
final class CutOutput extends FilterOutputStream {
  private long left;

  /**
   * A way that ends.
   *
   * @param most how many bytes it passes on
   */
  CutOutput(OutputStream out, long most) {
    super(out);
    this.left = most;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int passed = (int) Math.min(left, length);
    out.write(bytes, offset, passed);
    left -= passed;
    if (passed < length) {
      out.flush();
      throw new CutException();
    }
  }

  /** The place of the cut is reached. */
  static final class CutException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
