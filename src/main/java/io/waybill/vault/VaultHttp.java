package io.waybill.vault;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.vault.client.ClientHttpRequestFactoryFactory;
import org.springframework.vault.client.RestTemplateBuilder;
import org.springframework.vault.client.VaultEndpoint;
import org.springframework.vault.support.ClientOptions;
import org.springframework.vault.support.SslConfiguration;
import org.springframework.vault.support.SslConfiguration.KeyStoreConfiguration;

/** How Vault is spoken to: place, namespace, certificates, time-outs. */
final class VaultHttp {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration READ = Duration.ofSeconds(15);

  private VaultHttp() {}

  static RestTemplateBuilder builder(VaultSettings settings) {
    ClientHttpRequestFactory requests =
        ClientHttpRequestFactoryFactory.create(new ClientOptions(CONNECT, READ), ssl(settings));
    RestTemplateBuilder builder =
        RestTemplateBuilder.builder()
            .endpoint(VaultEndpoint.from(settings.text("address")))
            .requestFactory(requests);
    String namespace = settings.text("namespace");
    return namespace.isEmpty() ? builder : builder.defaultHeader("X-Vault-Namespace", namespace);
  }

  private static SslConfiguration ssl(VaultSettings settings) {
    return new SslConfiguration(
        settings
            .file("client-certificate")
            .map(VaultHttp::pem)
            .orElseGet(KeyStoreConfiguration::unconfigured),
        settings
            .file("ca-certificate")
            .map(VaultHttp::pem)
            .orElseGet(KeyStoreConfiguration::unconfigured));
  }

  private static KeyStoreConfiguration pem(Path file) {
    return KeyStoreConfiguration.of(new FileSystemResource(file))
        .withStoreType(SslConfiguration.PEM_KEYSTORE_TYPE);
  }
}
