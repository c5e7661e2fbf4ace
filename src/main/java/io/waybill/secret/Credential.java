package io.waybill.secret;

/**
 * Who asks, for now. Two are equal if they are the same identity.
 *
 * @param user name
 * @param password its password
 */
public record Credential(String user, Secret password) {}
