/**
 * Who may do what: the model of {@code policy.yaml}, its parser, and decisions that name the line
 * that decided. Pure: sees no Camel, no ClickHouse client, no JDBC, no clock.
 */
package io.waybill.policy;
