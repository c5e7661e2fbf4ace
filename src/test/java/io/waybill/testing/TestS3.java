package io.waybill.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A real S3 server, S3Proxy on a folder, in a process of its own that can be killed. */
public final class TestS3 implements AutoCloseable {
  /** Who may ask. */
  public static final String ACCESS_KEY = "loader";

  /** With which secret. */
  public static final String SECRET_KEY = "secret-of-the-test";

  private final Path folder;
  private final int port;
  private final S3Client client;
  private Process process;

  private TestS3(Path folder, int port) {
    this.folder = folder;
    this.port = port;
    this.client =
        S3Client.builder()
            .endpointOverride(URI.create(url()))
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .serviceConfiguration(settings -> settings.chunkedEncodingEnabled(false))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
            .build();
  }

  /** Starts one that keeps its objects below this folder. */
  public static TestS3 start(Path folder) {
    TestS3 s3 = new TestS3(folder, freePort());
    s3.restart();
    return s3;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it on its port, with what it had. */
  public void restart() {
    try {
      Path data = Files.createDirectories(folder.resolve("data"));
      Path settings = folder.resolve("s3proxy.properties");
      Files.write(
          settings,
          List.of(
              "s3proxy.endpoint=" + url(),
              "s3proxy.authorization=aws-v2-or-v4",
              "s3proxy.identity=" + ACCESS_KEY,
              "s3proxy.credential=" + SECRET_KEY,
              "s3proxy.ignore-unknown-headers=true",
              "jclouds.provider=filesystem",
              "jclouds.filesystem.basedir=" + data));
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "org.gaul.s3proxy.Main",
                  "--properties",
                  settings.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("s3proxy.out").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await("S3Proxy").atMost(Duration.ofMinutes(2)).until(this::answers);
  }

  private boolean answers() {
    try {
      client.listBuckets();
      return true;
    } catch (SdkException e) {
      return false;
    }
  }

  /** SIGKILL. */
  public void kill9() {
    process.destroyForcibly();
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !process.isAlive());
  }

  /** Its address. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Its port. */
  public int port() {
    return port;
  }

  /** A client with all rights. */
  public S3Client client() {
    return client;
  }

  /** Stores an object. */
  public void put(String bucket, String key, String content) {
    client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(content));
  }

  /** Stores an object. */
  public void put(String bucket, String key, byte[] content) {
    client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content));
  }

  /** Stores an object, if the server takes its key. */
  public boolean tryPut(String bucket, String key, String content) {
    try {
      put(bucket, key, content);
      return true;
    } catch (S3Exception e) {
      return false;
    }
  }

  /** Stores an object in parts, so that its tag is none of its content. */
  public void putInParts(String bucket, String key, List<String> parts) {
    String upload =
        client.createMultipartUpload(request -> request.bucket(bucket).key(key)).uploadId();
    List<CompletedPart> done = new ArrayList<>();
    for (int number = 1; number <= parts.size(); number++) {
      int part = number;
      String tag =
          client
              .uploadPart(
                  request -> request.bucket(bucket).key(key).uploadId(upload).partNumber(part),
                  RequestBody.fromString(parts.get(number - 1)))
              .eTag();
      done.add(CompletedPart.builder().partNumber(part).eTag(tag).build());
    }
    client.completeMultipartUpload(
        request ->
            request
                .bucket(bucket)
                .key(key)
                .uploadId(upload)
                .multipartUpload(all -> all.parts(done)));
  }

  /** The keys of a bucket. */
  public List<String> keys(String bucket) {
    return client.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  @Override
  public void close() {
    client.close();
    kill9();
  }
}
