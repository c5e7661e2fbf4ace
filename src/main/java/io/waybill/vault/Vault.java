package io.waybill.vault;

import io.waybill.secret.Credential;
import io.waybill.secret.Credentials;
import io.waybill.secret.CredentialsException;
import io.waybill.secret.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.vault.client.RestTemplateBuilder;
import org.springframework.vault.core.VaultTemplate;
import org.springframework.vault.support.VaultResponse;

/**
 * One Vault, and our login there. Nothing is asked before it is needed; while Vault is away what is
 * held stays in use. Secrets never leave it but as {@link Secret}. Thread-safe.
 */
public final class Vault implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Vault.class);
  private final ScheduledThreadPoolExecutor timer = timer();
  private final VaultSettings settings;
  private final LoginSession session;
  private final VaultTemplate template;
  private final List<RotatingCredentials> open = new CopyOnWriteArrayList<>();
  private final Map<String, Mount> mounts = new ConcurrentHashMap<>();

  private volatile VaultListener listener = VaultListener.NONE;

  private record Mount(String path, boolean versioned) {}

  /**
   * How the login stands.
   *
   * @param address where Vault is
   * @param auth the way to log in
   * @param trouble why it is not fresh; empty if all is well
   * @param expires until when what is held is good, where that ends
   */
  public record Status(String address, String auth, String trouble, Optional<Instant> expires) {}

  /**
   * By these settings.
   *
   * @throws CredentialsException if they lack something
   */
  public Vault(VaultSettings settings) {
    this.settings = settings;
    RestTemplateBuilder http = VaultHttp.builder(settings);
    var rest = http.build();
    this.session =
        new LoginSession(
            Logins.of(settings, rest),
            rest,
            timer,
            (accessor, until, trouble) ->
                listener.login(settings.auth(), accessor, until, trouble));
    this.template = new VaultTemplate(http, session);
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            2,
            task -> {
              Thread thread = new Thread(task, "waybill-vault");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /** How the login stands. */
  public Status status() {
    return new Status(
        settings.text("address"), settings.auth(), session.trouble(), session.expires());
  }

  /** For Camel's own component. */
  public VaultTemplate template() {
    return template;
  }

  /** Tells this one of logins and leases from now on. */
  public void listen(VaultListener hears) {
    listener = hears;
  }

  VaultListener listener() {
    return listener;
  }

  ScheduledExecutorService scheduler() {
    return timer;
  }

  Duration poll() {
    return settings.poll();
  }

  /**
   * User and password out of a secret, which is looked at again every so often.
   *
   * @param user user, if the secret names none; may be empty
   */
  public Credentials fromSecret(String path, String user) {
    return watched("secret " + path, () -> credential(secret(path, ""), user));
  }

  private static Credential credential(KvSecret secret, String user) {
    Secret name = secret.fields().getOrDefault("username", secret.fields().get("user"));
    if (name == null && user.isEmpty()) {
      name = secret.field("username");
    }
    return new Credential(name == null ? user : name.reveal(), secret.field("password"));
  }

  /**
   * User and password out of secrets that are looked at again every so often.
   *
   * @param what what a person calls them
   */
  public Credentials watched(String what, Supplier<Credential> source) {
    return opened(new WatchedCredentials(this, what, source));
  }

  /** User and password that Vault makes, such as by {@code database/creds/loader}. */
  public Credentials leased(String path) {
    return opened(new LeasedCredentials(this, path));
  }

  private RotatingCredentials opened(RotatingCredentials credentials) {
    open.add(credentials);
    return credentials;
  }

  /** Logs in now if that was not done yet. */
  public void login() {
    var unused = session.getSessionToken();
  }

  /**
   * Reads a secret of a KV engine, of either version.
   *
   * @param path mount and path, as {@code vault kv get} takes it
   * @param version version of a versioned engine; empty for the newest
   * @throws CredentialsException naming the path, if it cannot be read
   */
  public KvSecret secret(String path, String version) {
    String what = "secret " + path;
    Mount mount = asked(what, () -> mounts.computeIfAbsent(path, this::mount));
    String place =
        mount.versioned() ? mount.path() + "data/" + path.substring(mount.path().length()) : path;
    String query = version.isEmpty() ? "" : "?version=" + version;
    Map<String, Object> data = read(what, place + query);
    Object inner = mount.versioned() ? data.get("data") : data;
    if (!(inner instanceof Map<?, ?> values)) {
      throw nothing(what); // a deleted version has metadata only
    }
    Map<String, Secret> fields = new TreeMap<>();
    values.forEach((name, value) -> fields.put(name.toString(), Secret.of(String.valueOf(value))));
    return new KvSecret(path, fields);
  }

  /** Which engine a path belongs to; every token may ask that of paths that it may use. */
  private Mount mount(String path) {
    Map<String, Object> data = read("secret " + path, "sys/internal/ui/mounts/" + path);
    boolean versioned =
        data.get("options") instanceof Map<?, ?> options && "2".equals(options.get("version"));
    return new Mount(String.valueOf(data.get("path")), versioned);
  }

  Map<String, Object> read(String what, String place) {
    VaultResponse response = asked(what, () -> template.read(place));
    if (response == null || response.getData() == null) {
      throw nothing(what);
    }
    return response.getData();
  }

  private static CredentialsException nothing(String what) {
    return new CredentialsException("Vault has nothing for: " + what, "correct the path");
  }

  /** Asks, and once more if the token was revoked meanwhile. */
  <T> T asked(String what, Supplier<T> question) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      if (VaultErrors.status(e) != 403 || !session.renewIfRevoked()) {
        throw VaultErrors.of(what, e);
      }
    }
    try {
      return question.get();
    } catch (RuntimeException e) {
      throw VaultErrors.of(what, e);
    }
  }

  /** Ends what we hold: leases of ours are revoked with the login that they were taken under. */
  @Override
  public void close() {
    open.forEach(RotatingCredentials::close);
    timer.shutdownNow();
    session.close();
    if (!settings.auth().equals("token")) {
      session.revoke(); // a token that was given to us is not ours to revoke
    }
    try {
      template.destroy();
    } catch (Exception e) {
      LOG.debug("Vault's client was not closed: {}", e.getMessage());
    }
  }
}
