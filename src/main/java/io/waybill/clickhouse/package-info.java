/**
 * Client, block settings, error code to verdict, preflight, table making: all that knows
 * ClickHouse.
 */
package io.waybill.clickhouse;
