package io.waybill.vault;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.hashicorp.vault.HashicorpVaultComponent;
import org.apache.camel.spi.annotations.Component;

/** Camel's {@code hashicorp-vault:}, with our login where the URI brings none of its own. */
@Component(
    "hashicorp-vault") // Camel finds its configurer by this, and reflection would miss the option
public final class LoggedInVaultComponent extends HashicorpVaultComponent {
  private final Vault vault;

  public LoggedInVaultComponent(Vault vault) {
    this.vault = vault;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    boolean ownLogin = parameters.containsKey("token") || parameters.containsKey("vaultTemplate");
    if (!ownLogin) {
      parameters.put("vaultTemplate", vault.template());
    }
    return super.createEndpoint(uri, remaining, parameters);
  }
}
