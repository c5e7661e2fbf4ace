package io.waybill.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * STUB, helper A. Bytes of a batch as they are sent; readable any number of times until released.
 */
public final class Payload {
  public static Payload of(byte[] bytes) {
    throw new UnsupportedOperationException();
  }

  public long size() {
    throw new UnsupportedOperationException();
  }

  public InputStream openStream() {
    throw new UnsupportedOperationException();
  }

  public void writeTo(OutputStream out) throws IOException {
    throw new UnsupportedOperationException();
  }

  public byte[] toByteArray() {
    throw new UnsupportedOperationException();
  }

  /** At most the first so many bytes. */
  public byte[] head(int most) {
    throw new UnsupportedOperationException();
  }

  public void release() {
    throw new UnsupportedOperationException();
  }
}
