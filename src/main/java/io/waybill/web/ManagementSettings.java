package io.waybill.web;

import io.waybill.control.Authentication;
import java.util.Optional;

/**
 * Where the management port is, and who may use it.
 *
 * @param host address to listen at
 * @param port port; 0 for a free one
 * @param asked whether somebody asked for this very port; if not, another will do
 * @param publicUrl how browsers reach it, if not by that address; ends with a slash
 * @param authentication who finds out who somebody is
 */
public record ManagementSettings(
    String host,
    int port,
    boolean asked,
    Optional<String> publicUrl,
    Authentication authentication) {}
