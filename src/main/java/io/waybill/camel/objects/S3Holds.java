package io.waybill.camel.objects;

import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Which answers of S3 a flow waits for a person on. */
final class S3Holds {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private S3Holds() {}

  static Optional<Failure> denied(S3Exception e, String bucket) {
    return switch (e.statusCode()) {
      case UNAUTHORIZED, FORBIDDEN ->
          Optional.of(
              failure(
                  "SOURCE_DENIED",
                  "S3 refuses what the flow asks of bucket %s: %s".formatted(bucket, code(e)),
                  "see accessKey and secretKey, and give that user s3:ListBucket and s3:GetObject,"
                      + " with deleteAfterRead or moveAfterRead s3:DeleteObject as well"));
      case NOT_FOUND ->
          Optional.of(
              failure(
                  "SOURCE_MISSING",
                  "there is no bucket %s (%s)".formatted(bucket, code(e)),
                  "make it, or correct its name, region or uriEndpointOverride in the flow"));
      default -> Optional.empty();
    };
  }

  private static String code(S3Exception e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    return code == null ? Integer.toString(e.statusCode()) : code;
  }

  private static Failure failure(String name, String reason, String remedy) {
    return new Failure(Verdict.HOLD, 0, name, reason, remedy + "; the flow goes on by itself");
  }
}
