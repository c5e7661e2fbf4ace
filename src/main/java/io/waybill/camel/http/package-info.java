/**
 * HTTP push: takes the requests of flows whose source is {@code platform-http:}, within bounds, and
 * answers them as the delivery went.
 */
package io.waybill.camel.http;
