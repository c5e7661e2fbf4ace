/** Plan, send, settle: the state machine of a batch and its ports. Sees no Camel, HTTP or JDBC. */
package io.waybill.delivery;
