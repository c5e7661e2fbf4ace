package io.waybill.camel.http;

import io.waybill.batch.SourceFormatException;
import io.waybill.batch.Unpacking;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Unpacks gzip and zstd, and stops at the bounds whatever the packed size promised. */
final class UnpackedBody {
  private static final int STEP = 1 << 16;

  private UnpackedBody() {}

  /** Bounds of a request were met. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    RefusedException(Problem problem) {
      super(problem.code());
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }

  static byte[] of(byte[] stored, long most, Admission.Ticket ticket)
      throws IOException, RefusedException {
    ByteArrayInputStream plain = new ByteArrayInputStream(stored);
    try (InputStream in = Unpacking.of(plain, "the body")) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(stored.length);
      byte[] step = new byte[STEP];
      for (int got = in.read(step); got >= 0; got = in.read(step)) {
        if (out.size() + (long) got > most) {
          throw new RefusedException(Problems.tooLarge(most));
        }
        if (!ticket.hold(got)) {
          throw new RefusedException(
              Problems.tooMany("the unanswered requests of this flow take too much memory"));
        }
        out.write(step, 0, got);
      }
      return out.toByteArray();
    } catch (SourceFormatException e) {
      throw e;
    } catch (IOException e) {
      throw new SourceFormatException("the body cannot be unpacked");
    }
  }

  static boolean isPacked(byte[] body) {
    return body.length > 3
        && ((body[0] == (byte) 0x1f && body[1] == (byte) 0x8b)
            || (body[1] == (byte) 0xb5 && body[2] == 0x2f && body[3] == (byte) 0xfd));
  }
}
