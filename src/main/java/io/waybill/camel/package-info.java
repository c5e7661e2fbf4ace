/**
 * The components {@code waybill:} and {@code clickhouse:}, bodies to sources, route files, route
 * policies, headers. The delivery room's target is the deliver route.
 */
package io.waybill.camel;
