package io.waybill.batch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds bytes eight at a time; this is where the time of a cut goes. */
public final class ByteSearch {
  /** There is none. */
  public static final int NONE = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long TOPS = 0x8080808080808080L;

  private ByteSearch() {}

  /** The first index in {@code [from, to)} that holds this ASCII character, or {@link #NONE}. */
  public static int indexOf(byte[] bytes, int from, int to, char wanted) {
    long pattern = ONES * wanted;
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long hits = zeroBytes((long) LONGS.get(bytes, i) ^ pattern);
      if (hits != 0) {
        return i + firstOf(hits);
      }
    }
    for (; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return NONE;
  }

  /** The first index that holds one of two ASCII characters, or {@link #NONE}. */
  public static int indexOfEither(byte[] bytes, int from, int to, char one, char other) {
    long pattern = ONES * one;
    long otherPattern = ONES * other;
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long eight = (long) LONGS.get(bytes, i);
      long hits = zeroBytes(eight ^ pattern) | zeroBytes(eight ^ otherPattern);
      if (hits != 0) {
        return i + firstOf(hits);
      }
    }
    for (; i < to; i++) {
      if (bytes[i] == one || bytes[i] == other) {
        return i;
      }
    }
    return NONE;
  }

  /** The top bit of each byte that is zero; bits above the lowest one may be wrong. */
  private static long zeroBytes(long eight) {
    return (eight - ONES) & ~eight & TOPS;
  }

  private static int firstOf(long hits) {
    return Long.numberOfTrailingZeros(hits) >>> 3;
  }
}
