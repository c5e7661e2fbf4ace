package io.waybill.camel.http;

import java.time.Duration;

/**
 * Where requests are taken, and how much of them.
 *
 * @param host address to listen at
 * @param port port to listen at
 * @param body most bytes of one request, unpacked
 * @param memory most bytes of all requests of one flow that are not answered yet
 * @param requests most requests of one flow that are not answered yet
 * @param timeout how long the body of a request may take to come
 */
public record HttpLimits(
    String host, int port, long body, long memory, int requests, Duration timeout) {}
