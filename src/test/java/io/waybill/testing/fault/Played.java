package io.waybill.testing.fault;

/**
 * How an exchange went.
 *
 * @param fault what was really played; {@link Fault#NONE} if what was meant could not be
 * @param digest hex SHA-256 of the request's body; empty if it was not read to its end
 * @param status status that the server answered; 0 if it was not asked or did not answer
 * @param keep whether the client's connection can take a further request
 */
record Played(Fault fault, String digest, int status, boolean keep) {}
