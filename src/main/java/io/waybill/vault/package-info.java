/**
 * Vault: login, secrets, leases and the {@code hashicorp} function. Sees only secrets and Camel.
 */
package io.waybill.vault;
