/** Typed configuration and wiring: the only place where the rooms meet. */
package io.waybill.app;
