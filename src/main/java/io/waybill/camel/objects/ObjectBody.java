package io.waybill.camel.objects;

import io.waybill.batch.BatchSource.Stamp;
import io.waybill.camel.RemoteBody;
import io.waybill.camel.WholeStream;
import io.waybill.delivery.HeldDeliveryException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An object as a listing shows it; what is fetched is that version of it or nothing. */
final class ObjectBody implements RemoteBody {
  private static final int CHANGED = 412;
  private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");
  private final S3Client client;
  private final GetObjectRequest request;
  private final S3Object object;

  /**
   * Of a listing.
   *
   * @param request fetches it
   */
  ObjectBody(S3Client client, GetObjectRequest request, S3Object object) {
    this.client = client;
    this.request = request;
    this.object = object;
  }

  @Override
  public Stamp stamp() {
    return RemoteBody.stamp(object.size(), object.lastModified(), tag());
  }

  /** As the listing has it, without the quotes. */
  private String tag() {
    return object.eTag() == null ? "" : object.eTag().replace("\"", "");
  }

  @Override
  public String location() {
    return "s3://%s/%s".formatted(request.bucket(), object.key());
  }

  @Override
  public InputStream open() throws IOException {
    try {
      ResponseInputStream<GetObjectResponse> in =
          client.getObject(
              tag().isEmpty() ? request : request.toBuilder().ifMatch('"' + tag() + '"').build());
      return new AbortedUnread(in, new WholeStream(in, object.size(), check(in), location()));
    } catch (NoSuchKeyException e) {
      throw new IOException(location() + " is not there any more", e);
    } catch (S3Exception e) {
      if (e.statusCode() == CHANGED) {
        throw new IOException(location() + " was replaced meanwhile; it is fetched again", e);
      }
      throw S3Holds.denied(e, request.bucket())
          .<RuntimeException>map(HeldDeliveryException::new)
          .orElseThrow(() -> new IOException("cannot fetch " + location() + ": " + said(e), e));
    } catch (SdkException e) {
      throw new IOException("cannot fetch " + location() + ": " + e.getMessage(), e);
    }
  }

  private static String said(S3Exception e) {
    return e.getMessage() == null ? "status " + e.statusCode() : e.getMessage();
  }

  /** What was uploaded in one piece and is not encrypted has its MD5 as tag. */
  private Optional<WholeStream.Check> check(ResponseInputStream<GetObjectResponse> in) {
    boolean encrypted =
        in.response().sseCustomerAlgorithm() != null || in.response().ssekmsKeyId() != null;
    if (encrypted || !MD5.matcher(tag()).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new WholeStream.Check(MessageDigest.getInstance("MD5"), tag()));
    } catch (NoSuchAlgorithmException e) {
      return Optional.empty(); // not to be had where only approved algorithms are
    }
  }

  /** A connection that is closed in mid-object would be read to its end first. */
  private static final class AbortedUnread extends java.io.FilterInputStream {
    private final ResponseInputStream<GetObjectResponse> response;
    private boolean whole;

    AbortedUnread(ResponseInputStream<GetObjectResponse> response, InputStream in) {
      super(in);
      this.response = response;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      whole |= value < 0;
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int most) throws IOException {
      int count = super.read(buffer, offset, most);
      whole |= count < 0;
      return count;
    }

    @Override
    public void close() throws IOException {
      if (whole) {
        super.close();
      } else {
        response.abort();
      }
    }
  }
}
