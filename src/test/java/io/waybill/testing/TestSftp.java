package io.waybill.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** A real SFTP server on a free loopback port, with a folder as its root. */
public final class TestSftp implements AutoCloseable {
  /** Who may log in. */
  public static final String USER = "loader";

  /** By which password. */
  public static final String PASSWORD = "sftp-of-the-test";

  private final Path root;
  private final Path key;
  private SshServer server;
  private int port;

  private TestSftp(Path root, Path key) {
    this.root = root;
    this.key = key;
  }

  /**
   * Starts one.
   *
   * @param root what clients see
   * @param key where its host key is kept
   */
  public static TestSftp start(Path root, Path key) {
    TestSftp sftp = new TestSftp(root, key);
    sftp.restart();
    return sftp;
  }

  /** Starts it again on its port. */
  public void restart() {
    server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(port);
    server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider(key));
    server.setFileSystemFactory(new VirtualFileSystemFactory(root));
    server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
    server.setPasswordAuthenticator(
        (user, password, session) -> user.equals(USER) && password.equals(PASSWORD));
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    port = server.getPort();
  }

  /** Whether a client is logged in. */
  public boolean isAsked() {
    return server.getActiveSessions().stream().anyMatch(session -> session.isAuthenticated());
  }

  /** Breaks all connections off and takes no new ones. */
  public void breakOff() {
    try {
      server.stop(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its port. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    breakOff();
  }
}
