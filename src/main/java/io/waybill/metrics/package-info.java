/** Meters of what is delivered, and how they are told to Prometheus. */
package io.waybill.metrics;
