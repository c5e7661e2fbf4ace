package io.waybill.identity;

import io.waybill.secret.Secret;

/**
 * What a token endpoint gave.
 *
 * @param access for asking APIs
 * @param id who logged in; empty if it was not given
 * @param refresh for getting others; empty if it was not given
 */
record Tokens(Secret access, Secret id, Secret refresh) {}
