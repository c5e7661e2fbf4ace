package io.waybill.testing.fault;

/**
 * What the proxy saw of one request, written down when it is over.
 *
 * @param request the request
 * @param fault what it met
 * @param digest hex SHA-256 of its body; empty if it was not read to its end
 * @param status status that the server answered; 0 if it was not asked or did not answer
 */
public record Exchange(Request request, Fault fault, String digest, int status) {}
